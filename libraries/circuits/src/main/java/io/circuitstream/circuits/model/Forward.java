package io.circuitstream.circuits.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass of every family, of which parts can be held at the values of another pass. One instance for one pass;
 * the static entry points are what callers use.
 */
public final class Forward {
    private final LanguageModel model;
    private final ModelConfig config;
    private final Options options;
    private final @Nullable KeyValueCache cache;
    private final int length;
    private final int before;
    private final Map<Integer, NDArray> masks = new HashMap<>();
    private final Map<Rotary, Rotary.Angles> angles = new HashMap<>();

    /** What an MLP's replacement can read: the stream before the norm, after it, and after its gain, [T,d] each. */
    public record MlpInput(NDArray residMid, NDArray normalized, NDArray mlpIn) {}

    /** What replaces an MLP's output. Called layer by layer, in order. */
    public interface MlpOutput {
        /**
         * Yields what is added to the stream, [T,d].
         *
         * @param own computes the model's own MLP, its norm after it included
         */
        NDArray of(int layer, MlpInput input, Supplier<NDArray> own);
    }

    /**
     * What differs from a clean pass.
     *
     * @param frozenAttention patterns are taken from this pass
     * @param frozenLayers how many layers, from the lowest, have frozen patterns
     * @param frozenNorms norm denominators are taken from this pass
     * @param mlp replaces the MLPs' outputs
     * @param addedToEmbedding [C·T,d] added to the stream before the first layer
     * @param copies C of the tokens that run beside one another, none seeing the others: everything of the pass that has T rows
     *     then has C·T, and patterns are [C·H,T,T]. Not with a cache.
     */
    public record Options(
            @Nullable ForwardPass frozenAttention,
            int frozenLayers,
            @Nullable ForwardPass frozenNorms,
            @Nullable MlpOutput mlp,
            @Nullable NDArray addedToEmbedding,
            int copies) {

        public static final Options CLEAN = new Options(null, 0, null, null, null);

        /** One copy. */
        public Options(
                @Nullable ForwardPass frozenAttention,
                int frozenLayers,
                @Nullable ForwardPass frozenNorms,
                @Nullable MlpOutput mlp,
                @Nullable NDArray addedToEmbedding) {
            this(frozenAttention, frozenLayers, frozenNorms, mlp, addedToEmbedding, 1);
        }

        /** Only the MLPs' outputs are others. */
        public static Options replacing(MlpOutput mlp) {
            return new Options(null, 0, null, mlp, null);
        }
    }

    private Forward(LanguageModel model, Options options, @Nullable KeyValueCache cache, int length) {
        this.model = model;
        this.config = model.config();
        this.options = options;
        this.cache = cache;
        this.length = length;
        this.before = cache == null ? 0 : cache.length();
    }

    /** Runs the model as it is on T token ids of its vocabulary. */
    public static ForwardPass run(LanguageModel model, int[] tokens) {
        return run(model, tokens, Options.CLEAN);
    }

    public static ForwardPass run(LanguageModel model, int[] tokens, Options options) {
        return run(model, tokens, options, null);
    }

    /**
     * Runs T tokens after those that are in the cache; patterns are then [H,T,length + T]. The cache keeps the new ones.
     *
     * @param options whose passes are of these T tokens
     */
    public static ForwardPass run(LanguageModel model, int[] tokens, Options options, @Nullable KeyValueCache cache) {
        int before = cache == null ? 0 : cache.length();
        if (tokens.length < 1 || before + tokens.length > model.config().maxPositions()) {
            throw new IllegalArgumentException("the prompt has " + (before + tokens.length)
                    + " tokens, the model takes 1 to " + model.config().maxPositions());
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
            ForwardPass pass = new Forward(model, options, cache, tokens.length).run(own, tokens);
            if (cache != null) {
                cache.advance(tokens.length);
            }
            return pass;
        } catch (RuntimeException e) {
            own.close();
            throw e;
        }
    }

    private ForwardPass run(NDManager own, int[] tokens) {
        int layers = config.layers();
        NDArray[] attentionScale = new NDArray[layers];
        NDArray[] patterns = new NDArray[layers];
        @Nullable NDArray[] attentionPostScale = new @Nullable NDArray[layers];
        NDArray[] mlpScale = new NDArray[layers];
        NDArray[] residMid = new NDArray[layers];
        NDArray[] normalized = new NDArray[layers];
        NDArray[] mlpIn = new NDArray[layers];
        NDArray[] mlpOut = new NDArray[layers];
        int[] rows = new int[options.copies() * length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = tokens[i % length];
        }
        NDArray x = embed(rows);
        if (options.addedToEmbedding() != null) {
            x = x.add(options.addedToEmbedding());
        }
        ForwardPass norms = options.frozenNorms();
        for (int l = 0; l < layers; l++) {
            Layer layer = model.layer(l);
            attentionScale[l] = scale(own, layer.attentionNorm(), x, norms == null ? null : norms.attentionScale()[l]);
            NDArray normed = layer.attentionNorm().of(x, attentionScale[l]);
            patterns[l] = keep(own, pattern(l, normed));
            NDArray attended = attend(l, patterns[l], normed);
            Norm postNorm = layer.attentionPostNorm();
            if (postNorm != null) {
                NDArray postScale =
                        scale(own, postNorm, attended, norms == null ? null : norms.attentionPostScale()[l]);
                attentionPostScale[l] = postScale;
                attended = postNorm.of(attended, postScale);
            }
            residMid[l] = keep(own, config.parallel() ? x.duplicate() : x.add(attended));
            mlpScale[l] = scale(own, layer.mlpNorm(), residMid[l], norms == null ? null : norms.mlpScale()[l]);
            normalized[l] = keep(own, layer.mlpNorm().normalised(residMid[l], mlpScale[l]));
            mlpIn[l] = keep(own, layer.mlpNorm().withGain(normalized[l]));
            mlpOut[l] = keep(own, mlp(l, new MlpInput(residMid[l], normalized[l], mlpIn[l])));
            x = config.parallel() ? x.add(attended).add(mlpOut[l]) : residMid[l].add(mlpOut[l]);
        }
        Norm finalNorm = model.finalNorm();
        NDArray finalScale = scale(own, finalNorm, x, norms == null ? null : norms.finalScale());
        NDArray finalNormed = keep(own, finalNorm.of(x, finalScale));
        return new ForwardPass(
                own,
                rows,
                attentionScale,
                patterns,
                attentionPostScale,
                mlpScale,
                residMid,
                normalized,
                mlpIn,
                mlpOut,
                finalScale,
                finalNormed,
                keep(own, capped(Tensors.linear(finalNormed, model.unembedding()))));
    }

    private static NDArray keep(NDManager own, NDArray array) {
        return Tensors.keep(own, array);
    }

    private NDArray embed(int[] tokens) {
        NDArray x = model.embed(tokens);
        NDArray positions = model.positions();
        return positions == null ? x : x.add(copied(positions.get(new NDIndex(before + ":" + (before + length)))));
    }

    /** One over the denominator, [C·T,1], or the frozen one. */
    private NDArray scale(NDManager own, Norm norm, NDArray x, @Nullable NDArray frozen) {
        return keep(own, frozen == null ? norm.scale(x) : copied(frozen));
    }

    /** Once for every copy, one after the other along the first dimension. */
    private NDArray copied(NDArray one) {
        long[] times = new long[one.getShape().dimension()];
        Arrays.fill(times, 1);
        times[0] = options.copies();
        return options.copies() == 1 ? one.duplicate() : one.tile(times);
    }

    private NDArray pattern(int layer, NDArray normed) {
        Attention attention = model.layer(layer).attention();
        if (options.frozenAttention() != null && layer < options.frozenLayers()) {
            return copied(options.frozenAttention().patterns()[layer]);
        }
        Rotary.Angles turned = attention.rotary() == null
                ? null
                : angles.computeIfAbsent(attention.rotary(), r -> r.angles(model.manager(), before, length));
        NDArray keys = attention.keys(normed, turned, length);
        if (cache != null) {
            keys = cache.keys(layer, keys);
        }
        NDArray mask = masks.computeIfAbsent(attention.window(), this::mask);
        return attention.pattern(attention.queries(normed, turned, length), keys, mask);
    }

    private NDArray attend(int layer, NDArray pattern, NDArray normed) {
        Attention attention = model.layer(layer).attention();
        NDArray values = attention.values(normed, length);
        return attention.mix(pattern, cache == null ? values : cache.values(layer, values));
    }

    private NDArray mlp(int layer, MlpInput input) {
        MlpOutput replacement = options.mlp();
        return replacement == null
                ? model.mlp(layer, input.mlpIn())
                : replacement.of(layer, input, () -> model.mlp(layer, input.mlpIn()));
    }

    private NDArray capped(NDArray logits) {
        float cap = config.logitSoftCap();
        return cap > 0 ? logits.div(cap).tanh().mul(cap) : logits;
    }

    /** −∞ where a key is later than the query, or further back than the window; [T, before + T]. */
    private NDArray mask(int window) {
        int keys = before + length;
        float[] mask = new float[length * keys];
        for (int i = 0; i < length; i++) {
            for (int j = 0; j < keys; j++) {
                int distance = before + i - j;
                if (distance < 0 || (window > 0 && distance >= window)) {
                    mask[i * keys + j] = Float.NEGATIVE_INFINITY;
                }
            }
        }
        return Tensors.of(model.manager(), mask, length, keys);
    }
}
