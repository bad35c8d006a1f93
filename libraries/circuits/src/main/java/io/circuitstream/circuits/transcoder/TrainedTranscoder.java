package io.circuitstream.circuits.transcoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.files.TensorFile;
import io.circuitstream.circuits.model.ModelConfig;
import io.circuitstream.circuits.model.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A transcoder from files. Encoders and skips are held in native memory, decoder rows are read from the mapped files when
 * they are needed.
 */
final class TrainedTranscoder implements Transcoder {
    private final NDManager manager = NDManager.newBaseManager();
    private final Path folder;
    private final TranscoderConfig config;
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
            LayerTensors files,
            Activation activation,
            NDArray encoder,
            NDArray encoderBias,
            float[] encoderBiases,
            float[] decoderBias,
            @Nullable NDArray skip) {}

    private TrainedTranscoder(Path folder, TranscoderConfig config, String scan, int layers) {
        this.folder = folder;
        this.config = config;
        this.scan = scan;
        this.layers = new Layer[layers];
    }

    /** Reads layers that have been checked. */
    static TrainedTranscoder read(Path folder, TranscoderConfig config, String scan, List<LayerTensors> files) {
        TrainedTranscoder result = new TrainedTranscoder(folder, config, scan, files.size());
        try {
            for (LayerTensors layer : files) {
                result.layers[layer.layer()] = result.read(layer);
            }
            return result;
        } catch (RuntimeException e) {
            result.close();
            throw e;
        }
    }

    private Layer read(LayerTensors files) {
        float[] bias = files.readEncoderBias();
        return new Layer(
                files,
                config.activation(files),
                files.readEncoder(manager),
                Tensors.of(manager, bias, bias.length),
                bias,
                files.readDecoderBias(),
                files.readSkip(manager));
    }

    @Override
    public long parameters() {
        return Arrays.stream(layers)
                .flatMap(layer -> Stream.of(
                                layer.files().encoder(), layer.files().decoder())
                        .distinct())
                .flatMap(file -> file.entries().values().stream())
                .mapToLong(TensorFile.Entry::elements)
                .sum();
    }

    @Override
    public Kind kind() {
        return config.kind();
    }

    @Override
    public InputSite site() {
        return config.site();
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
        return new Reads(encoderRows(l, features), biases);
    }

    /** From native memory, where they are [F,d] whatever the file holds. */
    private float[] encoderRows(Layer layer, int[] features) {
        if (features.length == 0) {
            return new float[0];
        }
        try (NDArray index = manager.create(features);
                NDArray rows = layer.encoder().get(new NDIndex("{}", index))) {
            return rows.toFloatArray();
        }
    }

    @Override
    public float[] decoderRows(int layer, int[] features) {
        return layers[layer].files().readDecoderRows(features);
    }

    @Override
    public float[] decoderBias(int layer) {
        return layers[layer].decoderBias();
    }

    @Override
    public @Nullable NDArray skip(int layer) {
        return layers[layer].skip();
    }

    /**
     * Refuses a model with another width or number of layers, or one whose norm lies between the output site and the
     * stream. @throws ModelFileException naming both
     */
    @Override
    public void requireFits(ModelConfig model) {
        if (width() != model.width() || layers.length != model.layers()) {
            throw new ModelFileException(
                    folder,
                    "this transcoder is for " + layers.length + " layers of width " + width() + ", the model has "
                            + model.layers() + " of width " + model.width() + ": they do not belong together");
        }
        if (config.beforePostNorm() && model.mlpPostNorm()) {
            throw new ModelFileException(
                    config.file(),
                    "feature_output_hook mlp.hook_out is what the MLP yields before the norm that " + model.modelType()
                            + " puts it through; features must write what is added to the stream, hook_mlp_out");
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
