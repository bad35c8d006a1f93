package io.circuitstream.circuits.graph;

import ai.djl.ndarray.NDArray;
import io.circuitstream.circuits.model.LanguageModel;

/** The vectors with which readouts of the unembedding read what comes out of the final norm. */
public final class UnembeddingReads {
    private final LanguageModel model;
    private final float[] mean;

    public UnembeddingReads(LanguageModel model) {
        this.model = model;
        try (NDArray row = model.unembedding().mean(new int[] {0})) {
            this.mean = row.toFloatArray();
        }
    }

    /**
     * Yields the vector [d]: of a token, its row without the vocabulary's mean.
     *
     * @throws IllegalArgumentException if the readout is a feature's, which does not read the unembedding's input
     */
    public float[] of(Readout readout) {
        if (readout instanceof Readout.Token token) {
            return minus(row(token.id()), mean);
        }
        if (readout instanceof Readout.Difference difference) {
            return minus(row(difference.plus()), row(difference.minus()));
        }
        if (readout instanceof Readout.Vector vector) {
            return vector.values();
        }
        throw new IllegalArgumentException(readout + " does not read the unembedding's input");
    }

    private float[] row(int token) {
        try (NDArray row = model.unembedding().get(token)) {
            return row.toFloatArray();
        }
    }

    private static float[] minus(float[] a, float[] b) {
        float[] difference = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            difference[i] = a[i] - b[i];
        }
        return difference;
    }
}
