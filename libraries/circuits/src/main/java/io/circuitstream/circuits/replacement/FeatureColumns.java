package io.circuitstream.circuits.replacement;

import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.transcoder.Transcoder;
import java.util.Arrays;

/** Collects the active features of a pass: a growing struct of arrays. */
final class FeatureColumns {
    private int[] layer = new int[256];
    private int[] position = new int[256];
    private int[] index = new int[256];
    private float[] activation = new float[256];
    private int size;

    private FeatureColumns() {}

    /** What is active at the positions from {@code masked} on. */
    static ActiveFeatures encode(Transcoder transcoder, ForwardPass pass, int masked) {
        FeatureColumns columns = new FeatureColumns();
        int[] layerStart = new int[transcoder.layers() + 1];
        for (int l = 0; l < transcoder.layers(); l++) {
            float[] z =
                    transcoder.preActivations(l, transcoder.site().in(pass, l)).toFloatArray();
            float[] a = transcoder.activations(l, z);
            int width = transcoder.features(l);
            for (int p = masked; p < pass.positions(); p++) {
                for (int f = 0; f < width; f++) {
                    if (a[p * width + f] != 0) {
                        columns.add(l, p, f, a[p * width + f]);
                    }
                }
            }
            layerStart[l + 1] = columns.size;
        }
        return columns.build(layerStart);
    }

    private void add(int l, int p, int f, float a) {
        if (size == layer.length) {
            layer = Arrays.copyOf(layer, 2 * size);
            position = Arrays.copyOf(position, 2 * size);
            index = Arrays.copyOf(index, 2 * size);
            activation = Arrays.copyOf(activation, 2 * size);
        }
        layer[size] = l;
        position[size] = p;
        index[size] = f;
        activation[size++] = a;
    }

    private ActiveFeatures build(int[] layerStart) {
        return new ActiveFeatures(
                Arrays.copyOf(layer, size),
                Arrays.copyOf(position, size),
                Arrays.copyOf(index, size),
                Arrays.copyOf(activation, size),
                layerStart);
    }
}
