package io.circuitstream.circuits.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How something that a model computes moves, to first order, with what is added to its stream: the transpose of the whole
 * derivative, through its own MLPs, its attention patterns and its norms' denominators. One pass down serves everything
 * that writes to the stream. Written out, not by autograd (djl.md, trap 1); compared with finite differences for every
 * family. One instance for one pass.
 */
public final class Gradient {
    private final LanguageModel model;
    private final ForwardPass pass;
    private final Map<Rotary, Rotary.Angles> angles = new HashMap<>();

    private Gradient(LanguageModel model, ForwardPass pass) {
        this.model = model;
        this.pass = pass;
    }

    /**
     * The gradient of Σ vector·finalNormed at one position: per layer [T·d], with respect to what is added at the MLP's output.
     *
     * @param pass a clean one of the model
     * @param vector [d], with which the target reads what the unembedding reads
     */
    public static float[][] ofUnembedded(LanguageModel model, ForwardPass pass, int position, float[] vector) {
        return new Gradient(model, pass).run(model.config().layers(), position, vector);
    }

    /**
     * The gradient of Σ vector·hook_resid_mid of one layer at one position: as {@link #ofUnembedded}, of the layers below it.
     *
     * @param vector [d]
     */
    public static float[][] ofStream(LanguageModel model, ForwardPass pass, int layer, int position, float[] vector) {
        return new Gradient(model, pass).run(layer, position, vector);
    }

    private float[][] run(int layer, int position, float[] vector) {
        TensorRuntime.enter();
        try (NDManager own = model.manager().newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            float[] at = new float[pass.positions() * vector.length];
            System.arraycopy(vector, 0, at, position * vector.length, vector.length);
            NDArray read = Tensors.of(own, at, pass.positions(), vector.length);
            NDArray g = layer == model.config().layers()
                    ? model.finalNorm().gradient(read, stream(layer), pass.finalScale())
                    : model.config().parallel() ? read : read.add(throughAttention(layer, read));
            float[][] gradient = new float[layer][];
            for (int l = layer - 1; l >= 0; l--) {
                gradient[l] = g.toFloatArray();
                g = l == 0 ? g : below(l, g);
            }
            return gradient;
        }
    }

    private NDArray below(int layer, NDArray g) {
        NDArray mid = throughMlp(layer, g);
        return model.config().parallel()
                ? g.add(mid).add(throughAttention(layer, g))
                : g.add(mid).add(throughAttention(layer, g.add(mid)));
    }

    private NDArray throughMlp(int layer, NDArray g) {
        Layer at = model.layer(layer);
        NDArray in = pass.mlpIn()[layer];
        NDArray out = g;
        if (at.mlpPostNorm() != null) {
            NDArray raw = at.mlp().out(in);
            out = at.mlpPostNorm().gradient(g, raw, at.mlpPostNorm().scale(raw));
        }
        NDArray atInput = at.mlp().gradient(out, in).mul(at.mlpNorm().gain());
        return at.mlpNorm().gradientNormalised(atInput, pass.normalized()[layer], pass.mlpScale()[layer]);
    }

    private NDArray throughAttention(int layer, NDArray g) {
        Layer at = model.layer(layer);
        Attention attention = at.attention();
        NDArray x = stream(layer);
        NDArray normed = at.attentionNorm().of(x, pass.attentionScale()[layer]);
        NDArray pattern = pass.patterns()[layer];
        NDArray out = g;
        NDArray postScale = pass.attentionPostScale()[layer];
        if (at.attentionPostNorm() != null && postScale != null) {
            out = at.attentionPostNorm()
                    .gradient(g, attention.mix(pattern, attention.values(normed, pass.positions())), postScale);
        }
        NDArray atInput = attention.gradient(out, normed, pattern, angles(attention.rotary()));
        return at.attentionNorm().gradient(atInput, x, pass.attentionScale()[layer]);
    }

    /** The stream [T,d] before a layer, or above the last. */
    private NDArray stream(int layer) {
        if (model.config().parallel() && layer < model.config().layers()) {
            return pass.residMid()[layer];
        }
        if (layer == 0) {
            NDArray x = model.embed(pass.tokens());
            NDArray positions = model.positions();
            return positions == null ? x : x.add(positions.get(new NDIndex("0:" + pass.positions())));
        }
        NDArray above = pass.residMid()[layer - 1].add(pass.mlpOut()[layer - 1]);
        return model.config().parallel() ? above.add(attended(layer - 1)) : above;
    }

    /** What a layer's attention added. */
    private NDArray attended(int layer) {
        Layer at = model.layer(layer);
        NDArray normed = at.attentionNorm().of(stream(layer), pass.attentionScale()[layer]);
        NDArray mixed =
                at.attention().mix(pass.patterns()[layer], at.attention().values(normed, pass.positions()));
        NDArray postScale = pass.attentionPostScale()[layer];
        return at.attentionPostNorm() == null || postScale == null
                ? mixed
                : at.attentionPostNorm().of(mixed, postScale);
    }

    private Rotary.@Nullable Angles angles(@Nullable Rotary rotary) {
        return rotary == null
                ? null
                : angles.computeIfAbsent(rotary, r -> r.angles(model.manager(), 0, pass.positions()));
    }
}
