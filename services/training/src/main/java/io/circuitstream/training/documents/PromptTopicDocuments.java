package io.circuitstream.training.documents;

import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.StartupException;
import io.circuitstream.training.corpus.Split;
import java.time.Duration;
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
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String source;
    private final DocumentStore store;
    private final EndOffsets ends;
    private final long unreadable;
    private final List<String> gone;

    private PromptTopicDocuments(
            String source, DocumentStore store, EndOffsets ends, long unreadable, List<String> gone) {
        this.source = source;
        this.store = store;
        this.ends = ends;
        this.unreadable = unreadable;
        this.gone = gone;
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
        String source = "topic " + topic + " at " + settings.get(CommonSettings.BOOTSTRAP_SERVERS);
        DocumentStore store = new DocumentStore(encoder);
        try (PromptTopicReader reader = new PromptTopicReader(settings, topic, PATIENCE)) {
            EndOffsets ends = given == null ? reader.ends() : given;
            reader.read(ends, store);
            store.requireUsable(source + skipped(reader.unreadable()));
            return new PromptTopicDocuments(source, store, ends, reader.unreadable(), reader.warnings());
        }
    }

    /** To be kept with the run, as {@code partition:offset} of each partition: {@code 0:120,1:118}. */
    public String endOffsets() {
        return ends.toString();
    }

    @Override
    public Iterator<Document> open(Split split) {
        return store.open(split);
    }

    @Override
    public String describe() {
        return source + " up to " + ends + ": " + store.describe() + skipped(unreadable);
    }

    @Override
    public List<String> warnings() {
        return Stream.concat(gone.stream(), store.warnings(source).stream()).toList();
    }

    private static String skipped(long unreadable) {
        return unreadable == 0 ? "" : " (" + unreadable + " unreadable records skipped)";
    }
}
