package io.circuitstream.description.state;

import io.circuitstream.description.packed.PackedWriter;
import io.circuitstream.description.shares.LabelShare;
import io.circuitstream.description.shares.ShareCodec;
import io.circuitstream.events.LabelSource;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The newest label from a person and from a language model for each feature. Thread-confined. */
public final class StatedLabels {
    private final KeyValueStore<Bytes, byte[]> store;

    public StatedLabels(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    public void put(FeatureKey feature, LabelShare label) {
        Bytes key = key(feature, label.source());
        if (label.text().isEmpty()) {
            store.delete(key);
        } else {
            store.put(key, ShareCodec.encode(label));
        }
    }

    /** A person's, else a language model's, else null. */
    public @Nullable LabelShare of(FeatureKey feature) {
        LabelShare person = read(key(feature, LabelSource.PERSON));
        return person != null ? person : read(key(feature, LabelSource.LANGUAGE_MODEL));
    }

    private @Nullable LabelShare read(Bytes key) {
        byte[] bytes = store.get(key);
        return bytes == null ? null : (LabelShare) ShareCodec.decode(bytes);
    }

    private static Bytes key(FeatureKey feature, LabelSource source) {
        return Bytes.wrap(new PackedWriter(17)
                .raw(feature.bytes())
                .raw(new byte[] {(byte) (source == LabelSource.PERSON ? 1 : 0)})
                .toBytes());
    }
}
