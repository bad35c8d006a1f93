package io.circuitstream.description.state;

import io.circuitstream.description.packed.PackedReader;
import io.circuitstream.description.packed.PackedWriter;

/** Key of a feature in the stores: eight bytes of the scan, then layer and index, so that a layer's features lie side by side. */
public record FeatureKey(long scan, int layer, int feature) {

    public byte[] bytes() {
        return new PackedWriter(16).word(scan).half(layer).half(feature).toBytes();
    }

    static FeatureKey of(byte[] bytes) {
        PackedReader in = new PackedReader(bytes);
        return new FeatureKey(in.word(), in.half(), in.half());
    }
}
