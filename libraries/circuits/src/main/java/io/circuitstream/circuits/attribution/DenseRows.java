package io.circuitstream.circuits.attribution;

import java.util.Arrays;

/** Rows of one batch before they are compressed, used again by the next batch. Thread-confined. */
final class DenseRows {
    private final float[][] effects;
    private final double[] bias;

    /** @param most targets of a batch */
    DenseRows(int most, int nodes) {
        this.effects = new float[most][nodes];
        this.bias = new double[most];
    }

    void clear(int batch) {
        for (int b = 0; b < batch; b++) {
            Arrays.fill(effects[b], 0);
        }
        Arrays.fill(bias, 0, batch, 0);
    }

    /** Of every node on the b-th target, [N]. */
    float[] effects(int b) {
        return effects[b];
    }

    /** What reaches each target of biases through the stream, without its own. */
    double[] bias() {
        return bias;
    }
}
