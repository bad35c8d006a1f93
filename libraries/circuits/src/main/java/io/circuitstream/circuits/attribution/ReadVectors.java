package io.circuitstream.circuits.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.circuitstream.circuits.graph.LogitTarget;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.Norm;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder.Reads;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The vectors with which targets read the residual stream, norms frozen (circuits.md §2), and what they read of biases. */
final class ReadVectors {
    private final LocalReplacementModel local;
    private final LanguageModel model;
    private final int width;
    private final float[] unembeddingMean;

    ReadVectors(LocalReplacementModel local) {
        this.local = local;
        this.model = local.model();
        this.width = model.config().width();
        this.unembeddingMean = model.unembedding().mean(new int[] {0}).toFloatArray();
    }

    /** How features [from, to) of one layer read the stream at resid_mid. */
    Reads features(int layer, int from, int to) {
        InputSite site = local.transcoder().site();
        int[] positions = Arrays.copyOfRange(local.features().position(), from, to);
        Reads reads = local.transcoder()
                .reads(
                        layer,
                        Arrays.copyOfRange(local.features().index(), from, to),
                        positions,
                        site.in(local.pass(), layer));
        if (from == to || site == InputSite.RESID_MID) {
            return reads;
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Norm norm = model.layer(layer).mlpNorm();
            NDArray vectors = Tensors.of(model.manager(), reads.vectors(), to - from, width);
            NDArray scales = local.pass().mlpScale()[layer].get(model.manager().create(wide(positions)));
            return new Reads(
                    site.transposed(vectors, norm, scales).toFloatArray(),
                    plus(reads.biases(), vectors, site.constant(norm)));
        }
    }

    /** (U_k − mean U) through the final norm at the last position, K of them; biases are what they read of the norm's. */
    Reads logits(List<LogitTarget> targets) {
        float[] rows = new float[targets.size() * width];
        for (int k = 0; k < targets.size(); k++) {
            try (NDArray column = model.unembedding().get(targets.get(k).tokenId())) {
                float[] u = column.toFloatArray();
                for (int j = 0; j < width; j++) {
                    rows[k * width + j] = u[j] - unembeddingMean[j];
                }
            }
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Norm norm = model.finalNorm();
            NDArray vectors = Tensors.of(model.manager(), rows, targets.size(), width);
            NDArray last = local.pass().finalScale().get(local.positions() - 1);
            return new Reads(
                    norm.transposed(vectors, last).toFloatArray(),
                    plus(new float[targets.size()], vectors, norm.bias()));
        }
    }

    private float[] plus(float[] biases, NDArray vectors, @Nullable NDArray constant) {
        if (constant == null) {
            return biases;
        }
        float[] read = vectors.matMul(constant.reshape(width, 1)).toFloatArray();
        float[] sum = new float[biases.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = biases[i] + read[i];
        }
        return sum;
    }

    private static long[] wide(int[] values) {
        return Arrays.stream(values).asLongStream().toArray();
    }
}
