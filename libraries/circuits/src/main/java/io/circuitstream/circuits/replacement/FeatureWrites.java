package io.circuitstream.circuits.replacement;

import io.circuitstream.circuits.transcoder.Transcoder;
import java.util.Arrays;

/** What features write, summed at the output of every layer, [T·d] each. Grows layer by layer, lowest first. Not thread-safe. */
final class FeatureWrites {
    private final Transcoder transcoder;
    private final int masked;
    private final float[][] outputs;

    /** @param masked leading positions where no feature writes */
    FeatureWrites(Transcoder transcoder, int positions, int masked) {
        this.transcoder = transcoder;
        this.masked = masked;
        this.outputs = new float[transcoder.layers()][positions * transcoder.width()];
    }

    /** Adds a·W_dec of one layer's features to every layer they write to: a [T·F], mostly 0. */
    void add(int layer, float[] activations) {
        int d = transcoder.width();
        int features = transcoder.features(layer);
        int span = transcoder.span(layer);
        for (int p = masked; p < activations.length / features; p++) {
            int[] active = new int[features];
            int n = 0;
            for (int f = 0; f < features; f++) {
                if (activations[p * features + f] != 0) {
                    active[n++] = f;
                }
            }
            float[] rows = transcoder.decoderRows(layer, Arrays.copyOf(active, n));
            for (int i = 0; i < n; i++) {
                float a = activations[p * features + active[i]];
                for (int j = 0; j < span * d; j++) {
                    outputs[layer + j / d][p * d + j % d] += a * rows[i * span * d + j];
                }
            }
        }
    }

    /** What is written at a layer's output so far, [T·d]. Not a copy. */
    float[] at(int layer) {
        return outputs[layer];
    }
}
