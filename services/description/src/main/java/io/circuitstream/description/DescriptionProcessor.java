package io.circuitstream.description;

import io.circuitstream.description.labels.Labeller;
import io.circuitstream.description.shares.LabelShare;
import io.circuitstream.description.shares.PromptShare;
import io.circuitstream.description.shares.Share;
import io.circuitstream.description.state.Described;
import io.circuitstream.description.state.FeatureCounts;
import io.circuitstream.description.state.FeatureKey;
import io.circuitstream.description.state.FeatureStates;
import io.circuitstream.description.state.StatedLabels;
import io.circuitstream.description.topics.FeatureId;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.platform.settings.Settings;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Merges shares into the state, and at intervals describes the features for which that is due. It goes round the features. Describing
 * gives way to counting: it has a quarter of an interval less twice the time that counting took, and a fortieth at least. Where it
 * stopped is forgotten by a restart, what was described is not.
 */
final class DescriptionProcessor implements Processor<Integer, Share, String, FeatureDescription> {
    private static final int MOST_OF_INTERVAL = 4;
    private static final int LEAST_OF_INTERVAL = 40;

    private final Describer describer;
    private final Labeller labeller;
    private final Duration interval;
    private final Duration refresh;
    private final Consumer<FeatureDescription> written;
    private final LongSupplier nanos;
    private ProcessorContext<String, FeatureDescription> context;
    private FeatureStates states;
    private StatedLabels labels;
    private Described described;
    private @Nullable FeatureKey cursor;
    private long countingNanos;

    DescriptionProcessor(
            Describer describer, Settings settings, Consumer<FeatureDescription> written, LongSupplier nanos) {
        this.describer = describer;
        this.labeller = describer.labeller();
        this.interval = settings.get(DescriptionSettings.INTERVAL);
        this.refresh = settings.get(DescriptionSettings.REFRESH);
        this.written = written;
        this.nanos = nanos;
    }

    @Override
    public void init(ProcessorContext<String, FeatureDescription> context) {
        this.context = context;
        states = new FeatureStates(
                describer.scan(),
                store(DescriptionStores.COUNTS),
                store(DescriptionStores.CONTEXTS),
                store(DescriptionStores.PROMPTS));
        labels = new StatedLabels(store(DescriptionStores.LABELS));
        described = new Described(store(DescriptionStores.DESCRIBED), refresh.toMillis());
        context.schedule(interval, PunctuationType.WALL_CLOCK_TIME, this::describe);
    }

    private KeyValueStore<Bytes, byte[]> store(String name) {
        return context.getStateStore(name);
    }

    @Override
    public void process(Record<Integer, Share> record) {
        if (record.value() instanceof PromptShare prompt) {
            long start = nanos.getAsLong();
            states.add(prompt);
            countingNanos += nanos.getAsLong() - start;
        } else if (record.value() instanceof LabelShare label) {
            FeatureKey feature = states.featureKey(label.layer(), label.feature());
            labels.put(feature, label);
            described.forget(feature);
        }
    }

    private void describe(long now) {
        labeller.use(states.background());
        long left = interval.toNanos() / MOST_OF_INTERVAL - 2 * countingNanos;
        long deadline = nanos.getAsLong() + Math.max(left, interval.toNanos() / LEAST_OF_INTERVAL);
        countingNanos = 0;
        cursor = states.visit(cursor, (feature, counts) -> {
            if (nanos.getAsLong() > deadline) {
                return false;
            }
            long tokens = states.background().tokens();
            if (described.isDue(feature, counts.tokens(), tokens, now)) {
                forward(feature, counts, now);
                described.put(feature, counts.tokens(), tokens, now);
            }
            return true;
        });
    }

    private void forward(FeatureKey feature, FeatureCounts counts, long now) {
        FeatureDescription description = describer.describe(
                new Describer.Knowledge(
                        feature.layer(),
                        feature.feature(),
                        counts,
                        states.contexts(feature.layer(), feature.feature()),
                        labels.of(feature)),
                states.background(),
                labeller);
        String key = new FeatureId(describer.scan(), feature.layer(), feature.feature()).key();
        context.forward(new Record<>(key, description, now));
        written.accept(description);
    }
}
