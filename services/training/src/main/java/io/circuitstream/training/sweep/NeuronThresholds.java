package io.circuitstream.training.sweep;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.training.documents.Document;
import java.util.Arrays;
import java.util.Iterator;

/** Thresholds that leave a wanted number of neurons active: the larger values of {@code |h_j| ‖W_down_j‖} on some tokens. */
final class NeuronThresholds {
    private static final int SAMPLE = 2_000;

    private final float[] sorted;
    private final int tokens;

    private NeuronThresholds(float[] sorted, int tokens) {
        this.sorted = sorted;
        this.tokens = tokens;
    }

    /** Looks at the first 2,000 tokens of documents that nothing is measured on. */
    static NeuronThresholds measure(LanguageModel model, Iterator<Document> documents) {
        int layers = model.config().layers();
        int hidden = model.config().hidden();
        float[] sizes = new float[SAMPLE * layers * hidden];
        int tokens = 0;
        int filled = 0;
        while (tokens < SAMPLE && documents.hasNext()) {
            int[] ids = documents.next().tokens();
            int masked = model.masked(ids);
            int count = Math.min(ids.length - masked, SAMPLE - tokens);
            try (ForwardPass pass = Forward.run(model, ids);
                    NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                for (int l = 0; l < layers; l++) {
                    NDArray norms = model.layer(l)
                            .mlp()
                            .down()
                            .weight()
                            .square()
                            .sum(new int[] {0})
                            .sqrt();
                    float[] size = model.layer(l)
                            .mlp()
                            .hidden(pass.mlpIn()[l])
                            .abs()
                            .mul(norms)
                            .toFloatArray();
                    System.arraycopy(size, masked * hidden, sizes, filled, count * hidden);
                    filled += count * hidden;
                }
            }
            tokens += count;
        }
        float[] sorted = Arrays.copyOf(sizes, filled);
        Arrays.parallelSort(sorted);
        return new NeuronThresholds(sorted, tokens);
    }

    /** The threshold at which on average this many neurons of a token are above it. */
    float forL0(double l0) {
        long above = Math.round(l0 * tokens);
        return sorted[(int) Math.max(0, Math.min(sorted.length - 1, sorted.length - 1 - above))];
    }
}
