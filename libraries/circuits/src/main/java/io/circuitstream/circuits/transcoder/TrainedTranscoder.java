package io.circuitstream.circuits.transcoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.model.ModelConfig;
import io.circuitstream.circuits.model.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A transcoder from files. Encoders and skips are held in native memory, decoder rows are read from the mapped files when
 * they are needed.
 */
final class TrainedTranscoder implements Transcoder {
    private final NDManager manager = NDManager.newBaseManager();
    private final Path folder;
    private final Kind kind;
    private final InputSite site;
    private final String scan;
    private final Layer[] layers;

    /**
     * One layer's features.
     *
     * @param encoder [F,d]
     * @param encoderBias [F]
     * @param decoderBias [d], of this layer's output
     * @param skip [d in, d out]
     */
    private record Layer(
            Safetensors encoderFile,
            Safetensors decoderFile,
            LayerNames names,
            Activation activation,
            NDArray encoder,
            NDArray encoderBias,
            float[] encoderBiases,
            float[] decoderBias,
            @Nullable NDArray skip) {}

    TrainedTranscoder(Path folder, Kind kind, InputSite site, String scan, int layers) {
        this.folder = folder;
        this.kind = kind;
        this.site = site;
        this.scan = scan;
        this.layers = new Layer[layers];
    }

    /** Reads one layer, whose encoder and decoder have been checked to be [F,d] and [F,span,d]. */
    void read(int layer, LayerNames names, Safetensors encoder, Safetensors decoder, Activation activation) {
        long features = encoder.shape(names.encoder())[0];
        long width = encoder.shape(names.encoder())[1];
        float[] bias = encoder.readFloats(names.encoderBias(), features);
        layers[layer] = new Layer(
                encoder,
                decoder,
                names,
                activation,
                Tensors.of(manager, encoder.readFloats(names.encoder()), features, width),
                Tensors.of(manager, bias, features),
                bias,
                encoder.readFloats(names.decoderBias(), width),
                encoder.has(names.skip())
                        ? Tensors.of(
                                manager,
                                names.skipInOut(encoder.readFloats(names.skip(), width, width), (int) width),
                                width,
                                width)
                        : null);
    }

    @Override
    public long parameters() {
        return Arrays.stream(layers)
                .flatMap(layer ->
                        Stream.of(layer.encoderFile(), layer.decoderFile()).distinct())
                .flatMap(file -> file.entries().values().stream())
                .mapToLong(Safetensors.Entry::elements)
                .sum();
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public InputSite site() {
        return site;
    }

    @Override
    public String scan() {
        return scan;
    }

    @Override
    public int layers() {
        return layers.length;
    }

    @Override
    public int width() {
        return (int) layers[0].encoder().getShape().get(1);
    }

    @Override
    public int features(int layer) {
        return layers[layer].encoderBiases().length;
    }

    /** z = u W_encᵀ + b_enc. */
    @Override
    public NDArray preActivations(int layer, NDArray input) {
        Layer l = layers[layer];
        return input.matMul(l.encoder().transpose()).add(l.encoderBias());
    }

    @Override
    public NDArray linearised(int layer, NDArray input, NDArray clean) {
        return preActivations(layer, input);
    }

    @Override
    public float[] activations(int layer, float[] preActivations) {
        return layers[layer].activation().of(preActivations, features(layer));
    }

    /** Encoder rows and b_enc, wherever they read. */
    @Override
    public Reads reads(int layer, int[] features, int[] positions, NDArray clean) {
        Layer l = layers[layer];
        float[] biases = new float[features.length];
        for (int i = 0; i < biases.length; i++) {
            biases[i] = l.encoderBiases()[features[i]];
        }
        return new Reads(l.encoderFile().readRows(l.names().encoder(), features), biases);
    }

    @Override
    public float[] decoderRows(int layer, int[] features) {
        return layers[layer].decoderFile().readRows(layers[layer].names().decoder(), features);
    }

    @Override
    public float[] decoderBias(int layer) {
        return layers[layer].decoderBias();
    }

    @Override
    public @Nullable NDArray skip(int layer) {
        return layers[layer].skip();
    }

    /** Refuses a model with another width or number of layers. @throws ModelFileException naming both */
    @Override
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
