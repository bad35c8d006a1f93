package io.circuitstream.circuits.transcoder;

import ai.djl.ndarray.NDArray;
import io.circuitstream.circuits.model.ModelConfig;
import org.jspecify.annotations.Nullable;

/**
 * Features that predict the MLPs' outputs (circuits.md §1): m̂_l = Σ_{s≤l} a_s W_dec_{s→l} + b_dec_l + u_l W_skip_l. What a
 * prompt is decomposed into depends on nothing else. Thread-safe; holds native memory until closed.
 */
public sealed interface Transcoder extends AutoCloseable permits TrainedTranscoder, Neurons {

    /** Whether a feature writes at its own layer only or at every layer from its own upwards. */
    enum Kind {
        CROSS_LAYER("cross_layer_transcoder"),
        PER_LAYER("transcoder_set");

        private final String modelKind;

        Kind(String modelKind) {
            this.modelKind = modelKind;
        }

        /** As {@code config.yaml} calls it. */
        public String modelKind() {
            return modelKind;
        }
    }

    /**
     * How n features read the input site on one prompt: z = vector · u + bias.
     *
     * @param vectors [n,d]
     * @param biases [n]
     */
    record Reads(float[] vectors, float[] biases) {}

    Kind kind();

    InputSite site();

    /** Hash of the content: with layer and index it identifies a feature everywhere. */
    String scan();

    int layers();

    int width();

    /** Number of features of a layer, F. */
    int features(int layer);

    /** Number of weights in its files; 0 where nothing was trained. */
    long parameters();

    /** Number of layers that a layer's features write to, their own included. */
    default int span(int layer) {
        return kind() == Kind.CROSS_LAYER ? layers() - layer : 1;
    }

    /** Pre-activations z [n,F] of the input site's activations u [n,d]. */
    NDArray preActivations(int layer, NDArray input);

    /**
     * z [n,F] at {@code input} along the tangent at {@code clean}, [n,d] both: the pre-activations that {@link #reads}
     * gives. They are {@link #preActivations} where encoding is linear.
     */
    NDArray linearised(int layer, NDArray input, NDArray clean);

    /** a = act(z), [n,F] of z [n,F]: z where a feature is active, 0 elsewhere. */
    float[] activations(int layer, float[] preActivations);

    /** How features read, gates fixed; the i-th at its position of the prompt whose input site holds {@code clean} [T,d]. */
    Reads reads(int layer, int[] features, int[] positions, NDArray clean);

    /** Decoder rows [n, span, d] of the given features: slot j writes at layer {@code layer + j}. */
    float[] decoderRows(int layer, int[] features);

    /** b_dec [d] of a layer's output. */
    float[] decoderBias(int layer);

    /** W_skip [d in, d out], applied u W_skip to what the layer reads and added to its own output; null without one. */
    @Nullable
    NDArray skip(int layer);

    /** Refuses a model that these features were not made for. */
    void requireFits(ModelConfig model);

    @Override
    void close();
}
