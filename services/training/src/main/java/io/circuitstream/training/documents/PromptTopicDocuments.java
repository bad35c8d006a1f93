package io.circuitstream.training.documents;

import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.StartupException;
import io.circuitstream.training.corpus.Split;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The prompts that were sent to a topic, from its beginning to the offsets where it ended when this was made: what comes
 * later does not change a run. Committed records only, partition after partition. Read once; kept as token ids.
 * Thread-safe.
 */
public final class PromptTopicDocuments implements Documents {
    private final DocumentStore store;
    private final PromptTopicReader.Reading reading;

    private PromptTopicDocuments(DocumentStore store, PromptTopicReader.Reading reading) {
        this.store = store;
        this.reading = reading;
    }

    /**
     * Reads up to the end there is now.
     *
     * @param settings name brokers, registry and serde
     * @param topic its whole name, for example {@code circuitstream.prompts.v1}
     * @throws StartupException if brokers, registry or topic are away, naming the address
     * @throws IllegalArgumentException if nothing in the topic can be trained on
     */
    public static PromptTopicDocuments read(Settings settings, String topic, DocumentEncoder encoder) {
        return upTo(null, settings, topic, encoder);
    }

    /**
     * The documents of an earlier run, which still has its {@link #endOffsets}.
     *
     * @throws IllegalArgumentException also if the topic does not reach so far
     */
    public static PromptTopicDocuments read(
            Settings settings, String topic, String endOffsets, DocumentEncoder encoder) {
        return upTo(EndOffsets.parse(endOffsets), settings, topic, encoder);
    }

    private static PromptTopicDocuments upTo(
            @Nullable EndOffsets given, Settings settings, String topic, DocumentEncoder encoder) {
        DocumentStore store = new DocumentStore(encoder);
        PromptTopicReader.Reading reading = PromptTopicReader.read(settings, topic, given, store);
        store.requireUsable(reading.source() + reading.skipped());
        return new PromptTopicDocuments(store, reading);
    }

    /** To be kept with the run, as {@code partition:offset} of each partition: {@code 0:120,1:118}. */
    public String endOffsets() {
        return reading.ends().toString();
    }

    @Override
    public Iterator<Document> open(Split split) {
        return store.open(split);
    }

    @Override
    public String describe() {
        return reading.describe() + ": " + store.describe() + reading.skipped();
    }

    @Override
    public List<String> warnings() {
        return Stream.concat(reading.warnings().stream(), store.warnings(reading.source()).stream())
                .toList();
    }
}
