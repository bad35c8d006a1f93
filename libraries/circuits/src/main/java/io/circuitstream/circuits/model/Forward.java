package io.circuitstream.circuits.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass, of which parts can be held at the values of another pass. One instance for one pass; the static
 * entry points are what callers use.
 */
public final class Forward {
    private final LanguageModel model;
    private final Options options;
    private final int length;
    private final NDArray mask;
    private final NDArray cos;
    private final NDArray sin;

    /** What replaces an MLP's output. Called layer by layer, in order. */
    public interface MlpOutput {
        /**
         * Yields what is added to the stream, [T,d].
         *
         * @param residMid [T,d] the stream after attention
         * @param mlpIn [T,d] after the norm
         * @param own computes the model's own MLP
         */
        NDArray of(int layer, NDArray residMid, NDArray mlpIn, Supplier<NDArray> own);
    }

    /**
     * What differs from a clean pass.
     *
     * @param frozenAttention patterns are taken from this pass
     * @param frozenNorms norm denominators are taken from this pass
     * @param mlp replaces the MLPs' outputs
     * @param addedToEmbedding [T,d] added to the stream before the first layer
     */
    public record Options(
            @Nullable ForwardPass frozenAttention,
            @Nullable ForwardPass frozenNorms,
            @Nullable MlpOutput mlp,
            @Nullable NDArray addedToEmbedding) {

        public static final Options CLEAN = new Options(null, null, null, null);
    }

    private Forward(LanguageModel model, Options options, int length) {
        this.model = model;
        this.options = options;
        this.length = length;
        NDManager m = model.manager();
        this.mask = causalMask(m, length);
        NDArray[] rotation = rotations(m, model.config(), length);
        this.cos = rotation[0];
        this.sin = rotation[1];
    }

    /** Runs the model as it is on T token ids of its vocabulary. */
    public static ForwardPass run(LanguageModel model, int[] tokens) {
        return run(model, tokens, Options.CLEAN);
    }

    public static ForwardPass run(LanguageModel model, int[] tokens, Options options) {
        if (tokens.length < 1 || tokens.length > model.config().maxPositions()) {
            throw new IllegalArgumentException("the prompt has " + tokens.length + " tokens, the model takes 1 to "
                    + model.config().maxPositions());
        }
        for (int id : tokens) {
            if (id < 0 || id >= model.config().vocabulary()) {
                throw new IllegalArgumentException("token id " + id + " is not in the vocabulary of "
                        + model.config().vocabulary());
            }
        }
        TensorRuntime.enter();
        NDManager own = model.manager().newSubManager();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return new Forward(model, options, tokens.length).run(own, tokens);
        } catch (RuntimeException e) {
            own.close();
            throw e;
        }
    }

    private ForwardPass run(NDManager own, int[] tokens) {
        int layers = model.config().layers();
        NDArray[] attentionScale = new NDArray[layers];
        NDArray[] patterns = new NDArray[layers];
        NDArray[] mlpScale = new NDArray[layers];
        NDArray[] residMid = new NDArray[layers];
        NDArray[] mlpIn = new NDArray[layers];
        NDArray[] mlpOut = new NDArray[layers];
        NDArray x = embed(tokens);
        if (options.addedToEmbedding() != null) {
            x = x.add(options.addedToEmbedding());
        }
        for (int l = 0; l < layers; l++) {
            LanguageModel.Layer w = model.layers[l];
            attentionScale[l] = own(own, scale(x, l, ScaleSite.ATTENTION));
            NDArray normed = x.mul(attentionScale[l]).mul(w.attentionGain());
            patterns[l] = own(
                    own,
                    options.frozenAttention() != null
                            ? options.frozenAttention().patterns()[l].duplicate()
                            : pattern(w, normed));
            x = x.add(attend(w, patterns[l], normed));
            residMid[l] = own(own, x);
            mlpScale[l] = own(own, scale(x, l, ScaleSite.MLP));
            NDArray in = own(own, x.mul(mlpScale[l]).mul(w.mlpGain()));
            mlpIn[l] = in;
            NDArray out = options.mlp() == null
                    ? w.mlp().out(in)
                    : options.mlp().of(l, x, in, () -> w.mlp().out(in));
            mlpOut[l] = own(own, out);
            x = x.add(out);
        }
        NDArray finalScale = own(own, scale(x, layers, ScaleSite.FINAL));
        NDArray finalNormed = own(own, x.mul(finalScale).mul(model.finalGain));
        NDArray logits = own(own, Tensors.linear(finalNormed, model.unembedding));
        return new ForwardPass(
                own,
                tokens,
                attentionScale,
                patterns,
                mlpScale,
                residMid,
                mlpIn,
                mlpOut,
                finalScale,
                finalNormed,
                logits);
    }

    private static NDArray own(NDManager own, NDArray array) {
        return Tensors.keep(own, array);
    }

    private NDArray embed(int[] tokens) {
        long[] ids = new long[tokens.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = tokens[i];
        }
        return model.embedding.get(model.manager().create(ids));
    }

    private enum ScaleSite {
        ATTENTION,
        MLP,
        FINAL
    }

    /** 1 / √(mean x² + ε), [T,1], or the frozen one. */
    private NDArray scale(NDArray x, int layer, ScaleSite site) {
        ForwardPass frozen = options.frozenNorms();
        if (frozen != null) {
            return switch (site) {
                case ATTENTION -> frozen.attentionScale()[layer].duplicate();
                case MLP -> frozen.mlpScale()[layer].duplicate();
                case FINAL -> frozen.finalScale().duplicate();
            };
        }
        return x.square()
                .mean(new int[] {-1}, true)
                .add(model.config().normEpsilon())
                .sqrt()
                .pow(-1);
    }

    /** softmax(q kᵀ / √dh) with rotary positions, [H,T,T]. */
    private NDArray pattern(LanguageModel.Layer w, NDArray normed) {
        ModelConfig c = model.config();
        NDArray q = rotate(heads(Tensors.linear(normed, w.query()), c.heads()));
        NDArray k = rotate(heads(Tensors.linear(normed, w.key()), c.kvHeads()));
        if (c.kvHeads() != c.heads()) {
            k = k.repeat(0, c.heads() / c.kvHeads());
        }
        return q.matMul(k.swapAxes(1, 2))
                .mul((float) (1 / Math.sqrt(c.headWidth())))
                .add(mask)
                .softmax(-1);
    }

    private NDArray attend(LanguageModel.Layer w, NDArray pattern, NDArray normed) {
        ModelConfig c = model.config();
        NDArray v = heads(Tensors.linear(normed, w.value()), c.kvHeads());
        if (c.kvHeads() != c.heads()) {
            v = v.repeat(0, c.heads() / c.kvHeads());
        }
        NDArray mixed = pattern.matMul(v).transpose(1, 0, 2).reshape(length, (long) c.heads() * c.headWidth());
        return Tensors.linear(mixed, w.output());
    }

    private NDArray heads(NDArray x, int heads) {
        return x.reshape(length, heads, model.config().headWidth()).transpose(1, 0, 2);
    }

    /** Hugging Face's convention: the two halves of a head are the coordinates of the rotated pairs. */
    private NDArray rotate(NDArray x) {
        int half = model.config().headWidth() / 2;
        NDArray first = x.get(new NDIndex("...,0:" + half));
        NDArray second = x.get(new NDIndex("...," + half + ":"));
        return x.mul(cos).add(second.neg().concat(first, 2).mul(sin));
    }

    /** cos and sin of every position's angles, [T, dh] each; StrictMath, so that every JDK gives the same bits. */
    private static NDArray[] rotations(NDManager m, ModelConfig c, int length) {
        int width = c.headWidth();
        int half = width / 2;
        float[] cos = new float[length * width];
        float[] sin = new float[length * width];
        for (int p = 0; p < length; p++) {
            for (int i = 0; i < width; i++) {
                double angle = p * StrictMath.pow(c.ropeTheta(), -(double) (i % half) / half);
                cos[p * width + i] = (float) StrictMath.cos(angle);
                sin[p * width + i] = (float) StrictMath.sin(angle);
            }
        }
        return new NDArray[] {Tensors.of(m, cos, length, width), Tensors.of(m, sin, length, width)};
    }

    private static NDArray causalMask(NDManager m, int length) {
        float[] mask = new float[length * length];
        for (int i = 0; i < length; i++) {
            for (int j = i + 1; j < length; j++) {
                mask[i * length + j] = Float.NEGATIVE_INFINITY;
            }
        }
        return Tensors.of(m, mask, length, length);
    }
}
