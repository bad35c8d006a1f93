package io.circuitstream.circuits.validation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.graph.UnembeddingReads;
import io.circuitstream.circuits.intervention.Change.Layers;
import io.circuitstream.circuits.model.Gradient;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.InputSite;

/**
 * What ablating a feature does to one target in the model, to first order: the feature's decoder against the model's own
 * gradient (attribution patching, Nanda 2023). Unlike the frozen graph it moves norms, attention and the model's MLPs; unlike
 * the graph's edges it says nothing of the features between. One pass down serves all features.
 */
public final class GradientPredictor {
    private final LocalReplacementModel local;
    private final float[][] gradient;

    private GradientPredictor(LocalReplacementModel local, float[][] gradient) {
        this.local = local;
        this.gradient = gradient;
    }

    /** Runs the pass for a target that exists in the model and the prompt. */
    public static GradientPredictor of(LocalReplacementModel local, Readout target) {
        float[][] gradient = target instanceof Readout.Feature feature
                ? gradient(local, feature)
                : Gradient.ofUnembedded(
                        local.model(),
                        local.pass(),
                        local.positions() - 1,
                        new UnembeddingReads(local.model()).of(target));
        return new GradientPredictor(local, gradient);
    }

    private static float[][] gradient(LocalReplacementModel local, Readout.Feature target) {
        int layer = target.layer();
        int p = target.position();
        InputSite site = local.transcoder().site();
        TensorRuntime.enter();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            float[] read = local.transcoder()
                    .reads(layer, new int[] {target.feature()}, new int[] {p}, site.in(local.pass(), layer))
                    .vectors();
            NDIndex row = new NDIndex(p + ":" + (p + 1));
            NDArray vector = site.gradient(
                    Tensors.of(local.model().manager(), read, 1, read.length),
                    local.model().layer(layer).mlpNorm(),
                    local.pass().normalized()[layer].get(row),
                    local.pass().mlpScale()[layer].get(row));
            return Gradient.ofStream(local.model(), local.pass(), layer, p, vector.toFloatArray());
        }
    }

    /**
     * The target's change when an active feature is set to 0.
     *
     * @param layers whose outputs lose the feature's part
     */
    public double ablation(int feature, Layers layers) {
        int d = local.model().config().width();
        int own = local.features().layer()[feature];
        int at = local.features().position()[feature] * d;
        int last = layers == Layers.OWN ? own : own + local.transcoder().span(own) - 1;
        double sum = 0;
        for (int l = own; l <= Math.min(last, gradient.length - 1); l++) {
            float[] write = new float[d];
            local.addWrite(feature, l, -local.features().activation()[feature], write, 0);
            for (int j = 0; j < d; j++) {
                sum += (double) write[j] * gradient[l][at + j];
            }
        }
        return sum;
    }
}
