package io.circuitstream.description.state;

import io.circuitstream.circuits.files.ContentHash;
import io.circuitstream.description.shares.PromptShare;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BiPredicate;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The features of one scan in one share, in two stores because their parts change at different rates: counts with every
 * activation, contexts ever more rarely. Thread-confined.
 */
public final class FeatureStates {
    private final KeyValueStore<Bytes, byte[]> counts;
    private final KeyValueStore<Bytes, byte[]> contexts;
    private final Background background;
    private final long scan;

    public FeatureStates(
            String scan,
            KeyValueStore<Bytes, byte[]> counts,
            KeyValueStore<Bytes, byte[]> contexts,
            KeyValueStore<Bytes, byte[]> prompts) {
        this.scan = ByteBuffer.wrap(ContentHash.sha256().digest(scan.getBytes(StandardCharsets.UTF_8)))
                .getLong();
        this.counts = counts;
        this.contexts = contexts;
        this.background = new Background(prompts, this.scan);
    }

    /** Merges one prompt into the features that are active in it. */
    public void add(PromptShare share) {
        background.add(share);
        for (int from = 0; from < share.count(); ) {
            int to = share.runEnd(from);
            add(share, from, to);
            from = to;
        }
    }

    private void add(PromptShare share, int from, int to) {
        Bytes key = key(share.layer()[from], share.feature()[from]);
        byte[] before = counts.get(key);
        FeatureCounts feature = before == null ? new FeatureCounts() : FeatureCounts.of(before);
        feature.add(share, from, to);
        float peak = share.activation()[from];
        for (int i = from + 1; i < to; i++) {
            peak = Math.max(peak, share.activation()[i]);
        }
        if (feature.gate().admits(peak, share.prompt())) {
            Contexts kept = contexts(key);
            if (kept.offer(
                    new Context(share.prompt(), peak, Window.of(share, from, to).toBytes()))) {
                contexts.put(key, kept.toBytes());
                feature.setGate(kept.gate());
            }
        }
        counts.put(key, feature.toBytes());
    }

    public Background background() {
        return background;
    }

    /** Of a feature that was active before; empty contexts for others. */
    public Contexts contexts(int layer, int feature) {
        return contexts(key(layer, feature));
    }

    private Contexts contexts(Bytes key) {
        byte[] bytes = contexts.get(key);
        return bytes == null ? new Contexts() : Contexts.of(bytes);
    }

    /** Null when the feature was never active. */
    public @Nullable FeatureCounts counts(int layer, int feature) {
        byte[] bytes = counts.get(key(layer, feature));
        return bytes == null ? null : FeatureCounts.of(bytes);
    }

    /**
     * Visits features in the order of layer and index from one on (null: from the first), until the visitor says false; yields
     * the one it stopped at, null when it went through all.
     */
    public @Nullable FeatureKey visit(@Nullable FeatureKey start, BiPredicate<FeatureKey, FeatureCounts> visitor) {
        FeatureKey first = start == null ? new FeatureKey(scan, 0, 0) : start;
        Bytes last = key(Integer.MAX_VALUE, Integer.MAX_VALUE);
        try (KeyValueIterator<Bytes, byte[]> features = counts.range(Bytes.wrap(first.bytes()), last)) {
            while (features.hasNext()) {
                KeyValue<Bytes, byte[]> next = features.next();
                FeatureKey key = FeatureKey.of(next.key.get());
                if (!visitor.test(key, FeatureCounts.of(next.value))) {
                    return key;
                }
            }
        }
        return null;
    }

    public FeatureKey featureKey(int layer, int feature) {
        return new FeatureKey(scan, layer, feature);
    }

    private Bytes key(int layer, int feature) {
        return Bytes.wrap(new FeatureKey(scan, layer, feature).bytes());
    }
}
