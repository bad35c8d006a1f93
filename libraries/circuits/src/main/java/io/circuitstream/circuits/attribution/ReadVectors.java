package io.circuitstream.circuits.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.graph.UnembeddingReads;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.Norm;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder.Reads;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The vectors with which targets read the residual stream, norms frozen (circuits.md §2), and what they read of biases. */
final class ReadVectors {
    private final LocalReplacementModel local;
    private final LanguageModel model;
    private final int width;
    private final UnembeddingReads unembedding;

    ReadVectors(LocalReplacementModel local) {
        this.local = local;
        this.model = local.model();
        this.width = model.config().width();
        this.unembedding = new UnembeddingReads(model);
    }

    /** How active features of one layer read the stream at resid_mid. */
    Reads features(int layer, int[] features) {
        return features(
                layer,
                Arrays.stream(features).map(i -> local.features().index()[i]).toArray(),
                Arrays.stream(features).map(i -> local.features().position()[i]).toArray());
    }

    private Reads features(int layer, int[] features, int[] positions) {
        InputSite site = local.transcoder().site();
        Reads reads = local.transcoder().reads(layer, features, positions, site.in(local.pass(), layer));
        if (features.length == 0 || site == InputSite.RESID_MID) {
            return reads;
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Norm norm = model.layer(layer).mlpNorm();
            NDArray vectors = Tensors.of(model.manager(), reads.vectors(), features.length, width);
            NDArray scales = local.pass().mlpScale()[layer].get(model.manager().create(wide(positions)));
            return new Reads(
                    site.transposed(vectors, norm, scales).toFloatArray(),
                    plus(reads.biases(), vectors, site.constant(norm)));
        }
    }

    /**
     * How a target reads the stream.
     *
     * @param layer reads resid_mid of this layer; L for the stream above the last one
     * @param vector [d]
     * @param bias what it reads of biases between the stream and itself
     * @param value what it reads in all
     */
    record TargetRead(int layer, int position, float[] vector, double bias, double value) {}

    /** @throws NoSuchTargetException if there is no such feature */
    TargetRead target(Readout readout) {
        if (readout instanceof Readout.Feature feature) {
            requireFeature(feature);
            Reads read = features(feature.layer(), new int[] {feature.feature()}, new int[] {feature.position()});
            return new TargetRead(
                    feature.layer(),
                    feature.position(),
                    read.vectors(),
                    read.biases()[0],
                    local.preActivation(feature.layer(), feature.feature(), feature.position()));
        }
        float[] vector = unembedding.of(readout);
        int last = local.positions() - 1;
        float[] normed = local.pass().finalNormed().get(last).toFloatArray();
        double value = 0;
        for (int j = 0; j < width; j++) {
            value += (double) vector[j] * normed[j];
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Norm norm = model.finalNorm();
            NDArray row = Tensors.of(model.manager(), vector, 1, width);
            return new TargetRead(
                    model.config().layers(),
                    last,
                    norm.transposed(row, local.pass().finalScale().get(last)).toFloatArray(),
                    plus(new float[1], row, norm.bias())[0],
                    value);
        }
    }

    private void requireFeature(Readout.Feature target) {
        boolean layerExists =
                target.layer() >= 0 && target.layer() < local.transcoder().layers();
        if (!layerExists
                || target.feature() < 0
                || target.feature() >= local.transcoder().features(target.layer())) {
            throw new NoSuchTargetException("target feature " + target.layer() + "/" + target.feature()
                    + " does not exist: the transcoder has "
                    + local.transcoder().layers() + " layers"
                    + (layerExists
                            ? " and " + local.transcoder().features(target.layer()) + " features in this one"
                            : ""));
        }
        if (target.position() < local.masked() || target.position() >= local.positions()) {
            throw new NoSuchTargetException("target feature " + target.layer() + "/" + target.feature()
                    + " is asked for at position " + target.position() + ": the prompt has features at "
                    + local.masked() + " to " + (local.positions() - 1));
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
