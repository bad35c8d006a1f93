package io.circuitstream.description.state;

import io.circuitstream.circuits.files.ContentHash;
import io.circuitstream.description.shares.PromptShare;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
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
    private static final int RECENT = 8_192;

    private final KeyValueStore<Bytes, byte[]> counts;
    private final KeyValueStore<Bytes, byte[]> contexts;
    private final Background background;
    /** What the store holds too, to be spared reading it. */
    private final Map<FeatureKey, FeatureCounts> recent = new LinkedHashMap<>(64, .75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<FeatureKey, FeatureCounts> eldest) {
            return size() > RECENT;
        }
    };

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
        FeatureKey id = new FeatureKey(scan, share.layer()[from], share.feature()[from]);
        Bytes key = Bytes.wrap(id.bytes());
        FeatureCounts feature = recent.computeIfAbsent(id, absent -> stored(key));
        try {
            float peak = feature.add(share, from, to);
            if (feature.gate().admits(peak, share.prompt())) {
                offer(
                        key,
                        feature,
                        new Context(
                                share.prompt(), peak, Window.of(share, from, to).toBytes()));
            }
            counts.put(key, feature.toBytes());
        } catch (RuntimeException e) {
            // The record may become a dead letter and the stream go on: from what the store holds.
            recent.remove(id);
            throw e;
        }
    }

    private FeatureCounts stored(Bytes key) {
        byte[] bytes = counts.get(key);
        return bytes == null ? new FeatureCounts() : FeatureCounts.of(bytes);
    }

    private void offer(Bytes key, FeatureCounts feature, Context context) {
        byte[] before = contexts.get(key);
        if (before != null && Contexts.holds(before, feature.gate(), context)) {
            return;
        }
        Contexts kept = before == null ? new Contexts() : Contexts.of(before);
        if (kept.offer(context)) {
            contexts.put(key, kept.toBytes());
            feature.setGate(kept.gate());
        }
    }

    public Background background() {
        return background;
    }

    /** Of a feature that was active before; empty contexts for others. */
    public Contexts contexts(int layer, int feature) {
        byte[] bytes = contexts.get(key(layer, feature));
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
