package io.circuitstream.description.state;

import io.circuitstream.description.packed.PackedReader;
import io.circuitstream.description.packed.PackedWriter;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** When and with what knowledge each feature was described last. Thread-confined. */
public final class Described {
    /** By how much knowledge must have grown for a description to be due before it is old. */
    private static final double GROWTH = 1.1;

    private final KeyValueStore<Bytes, byte[]> store;
    private final long refreshMs;

    public Described(KeyValueStore<Bytes, byte[]> store, long refreshMs) {
        this.store = store;
        this.refreshMs = refreshMs;
    }

    /**
     * Whether a feature should be described: never was, active a tenth more often since, or anything is new (a tenth more tokens
     * when it was not active) and the description is old.
     *
     * @param active tokens at which it was active
     * @param tokens tokens in all
     */
    public boolean isDue(FeatureKey feature, long active, long tokens, long nowMs) {
        byte[] bytes = store.get(Bytes.wrap(feature.bytes()));
        if (bytes == null) {
            return true;
        }
        PackedReader in = new PackedReader(bytes);
        long activeThen = in.count();
        long tokensThen = in.count();
        long thenMs = in.count();
        if (active > GROWTH * activeThen) {
            return true;
        }
        return nowMs - thenMs >= refreshMs && (active > activeThen || tokens > GROWTH * tokensThen);
    }

    public void put(FeatureKey feature, long active, long tokens, long nowMs) {
        store.put(
                Bytes.wrap(feature.bytes()),
                new PackedWriter(24).count(active).count(tokens).count(nowMs).toBytes());
    }

    /** It is due again, whatever was counted. */
    public void forget(FeatureKey feature) {
        store.delete(Bytes.wrap(feature.bytes()));
    }
}
