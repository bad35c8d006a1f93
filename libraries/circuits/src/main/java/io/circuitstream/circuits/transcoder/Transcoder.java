package io.circuitstream.circuits.transcoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.model.ModelConfig;
import io.circuitstream.circuits.model.Tensors;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Sparse features that predict the MLPs' outputs (circuits.md §1). Encoders are held in native memory, decoder rows are
 * read from the mapped files when they are needed. Thread-safe.
 */
public final class Transcoder implements AutoCloseable {
    private final NDManager manager = NDManager.newBaseManager();
    private final Kind kind;
    private final InputSite site;
    private final String scan;
    private final Path folder;
    private final Layer[] layers;

    /** Whether a feature writes at its own layer only or at every layer from its own upwards. */
    public enum Kind {
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
     * One layer's features.
     *
     * @param encoder [F,d]
     * @param encoderBias [F]
     * @param threshold [F] for JumpReLU, null for ReLU
     * @param decoderBias [d], of this layer's output
     */
    record Layer(
            Safetensors encoderFile,
            String encoderName,
            NDArray encoder,
            NDArray encoderBias,
            float[] encoderBiases,
            float @Nullable [] threshold,
            Safetensors decoderFile,
            String decoderName,
            float[] decoderBias) {}

    Transcoder(Path folder, Kind kind, InputSite site, String scan, int layers) {
        this.folder = folder;
        this.kind = kind;
        this.site = site;
        this.scan = scan;
        this.layers = new Layer[layers];
    }

    void layer(
            int layer,
            Safetensors encoder,
            String encoderName,
            String encoderBias,
            String decoderBias,
            String threshold,
            Safetensors decoder,
            String decoderName) {
        long features = encoder.shape(encoderName)[0];
        long width = encoder.shape(encoderName)[1];
        float[] bias = encoder.readFloats(encoderBias, features);
        layers[layer] = new Layer(
                encoder,
                encoderName,
                Tensors.of(manager, encoder.readFloats(encoderName), features, width),
                Tensors.of(manager, bias, features),
                bias,
                encoder.has(threshold) ? encoder.readFloats(threshold, features) : null,
                decoder,
                decoderName,
                encoder.readFloats(decoderBias, width));
    }

    public Kind kind() {
        return kind;
    }

    public InputSite site() {
        return site;
    }

    /** Content hash of the files: with layer and index it identifies a feature everywhere. */
    public String scan() {
        return scan;
    }

    public int layers() {
        return layers.length;
    }

    public int width() {
        return (int) layers[0].encoder().getShape().get(1);
    }

    /** Number of features of a layer. */
    public int features(int layer) {
        return layers[layer].encoderBiases().length;
    }

    /** Number of layers that a layer's features write to, their own included. */
    public int span(int layer) {
        return kind == Kind.CROSS_LAYER ? layers.length - layer : 1;
    }

    /** Pre-activations z = u W_encᵀ + b_enc, [T,F], of the input site's activations u [T,d]. */
    public NDArray preActivations(int layer, NDArray input) {
        Layer l = layers[layer];
        return input.matMul(l.encoder().transpose()).add(l.encoderBias());
    }

    /** a = act(z): JumpReLU z·[z > θ], strictly, or ReLU. */
    public float activation(int layer, int feature, float z) {
        float[] threshold = layers[layer].threshold();
        return z > (threshold == null ? 0 : threshold[feature]) ? z : 0;
    }

    public float encoderBias(int layer, int feature) {
        return layers[layer].encoderBiases()[feature];
    }

    /** b_dec [d] of a layer's output. */
    public float[] decoderBias(int layer) {
        return layers[layer].decoderBias();
    }

    /** Encoder rows [n,d] of the given features. */
    public float[] encoderRows(int layer, int[] features) {
        return layers[layer].encoderFile().readRows(layers[layer].encoderName(), features);
    }

    /** Decoder rows [n, span, d] of the given features: slot j writes at layer {@code layer + j}. */
    public float[] decoderRows(int layer, int[] features) {
        return layers[layer].decoderFile().readRows(layers[layer].decoderName(), features);
    }

    /** Refuses a model with another width or number of layers. @throws ModelFileException naming both */
    public void requireFits(ModelConfig model) {
        if (width() != model.width() || layers.length != model.layers()) {
            throw new ModelFileException(
                    folder,
                    "this transcoder is for " + layers.length + " layers of width " + width() + ", the model has "
                            + model.layers() + " of width " + model.width() + ": they do not belong together");
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
