package io.circuitstream.circuits.transcoder;

import io.circuitstream.circuits.files.SafetensorsWriter;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes transcoders in circuit-tracer's two folder layouts (circuits.md §7). */
public final class TranscoderWriter {
    private TranscoderWriter() {}

    /**
     * One layer's features, row-major.
     *
     * @param encoder [F,d]
     * @param encoderBias [F]
     * @param threshold [F] for JumpReLU, null for another activation
     * @param decoder [F, span, d]; the span is 1 for a per-layer transcoder
     * @param decoderBias [d], of this layer's output
     * @param skip [d in, d out], applied u·skip to what this layer reads, added to its own output only; null for none. Each
     *     layout gets the orientation that it stores
     */
    public record LayerWeights(
            float[] encoder,
            float[] encoderBias,
            float @Nullable [] threshold,
            float[] decoder,
            float[] decoderBias,
            float @Nullable [] skip) {

        /** Without a skip. */
        public LayerWeights(
                float[] encoder,
                float[] encoderBias,
                float @Nullable [] threshold,
                float[] decoder,
                float[] decoderBias) {
            this(encoder, encoderBias, threshold, decoder, decoderBias, null);
        }
    }

    /**
     * Writes the folder; {@code config.yaml} comes last, as the mark that everything before it is complete. Layers with
     * thresholds are JumpReLU, others ReLU.
     *
     * @param scan the name that circuit-tracer shows; our own identity of a transcoder is its content hash
     */
    public static void write(
            Path folder, Kind kind, InputSite site, String modelName, String scan, List<LayerWeights> layers)
            throws IOException {
        write(folder, kind, site, modelName, scan, "", layers);
    }

    /**
     * The same with the TopK activation: per token the k largest pre-activations of a layer are active.
     *
     * @param layers without thresholds
     */
    public static void writeTopK(
            Path folder, Kind kind, InputSite site, String modelName, String scan, int k, List<LayerWeights> layers)
            throws IOException {
        write(folder, kind, site, modelName, scan, "activation: topk\nk: " + k + "\n", layers);
    }

    private static void write(
            Path folder,
            Kind kind,
            InputSite site,
            String modelName,
            String scan,
            String activation,
            List<LayerWeights> layers)
            throws IOException {
        Files.createDirectories(folder);
        for (int l = 0; l < layers.size(); l++) {
            TensorNames names = Layout.circuitTracer(kind).names(l);
            LayerFiles files = LayerFiles.of(folder, kind, l);
            switch (kind) {
                case CROSS_LAYER -> crossLayer(files, names, layers.size() - l, layers.get(l));
                case PER_LAYER -> perLayer(files, names, layers.get(l));
            }
        }
        Files.writeString(folder.resolve("config.yaml"), """
                model_kind: %s
                model_name: %s
                feature_input_hook: %s
                feature_output_hook: hook_mlp_out
                scan: %s
                %s""".formatted(
                        kind.modelKind(), modelName, site.hook(), scan, activation));
    }

    private static void crossLayer(LayerFiles files, TensorNames names, int span, LayerWeights w) throws IOException {
        int features = w.encoderBias().length;
        int width = w.decoderBias().length;
        SafetensorsWriter encoder = new SafetensorsWriter()
                .tensor(names.encoder(), w.encoder(), features, width)
                .tensor(names.encoderBias(), w.encoderBias(), features)
                .tensor(names.decoderBias(), w.decoderBias(), width);
        optional(encoder, names, w, w.skip());
        encoder.write(files.encoder());
        new SafetensorsWriter()
                .tensor(names.decoder(), w.decoder(), features, span, width)
                .write(files.decoder());
    }

    private static void perLayer(LayerFiles files, TensorNames names, LayerWeights w) throws IOException {
        int features = w.encoderBias().length;
        int width = w.decoderBias().length;
        SafetensorsWriter file = new SafetensorsWriter()
                .tensor(names.encoder(), w.encoder(), features, width)
                .tensor(names.decoder(), w.decoder(), features, width)
                .tensor(names.encoderBias(), w.encoderBias(), features)
                .tensor(names.decoderBias(), w.decoderBias(), width);
        optional(file, names, w, w.skip() == null ? null : transposed(w.skip(), width));
        file.write(files.encoder());
    }

    private static void optional(
            SafetensorsWriter file, TensorNames names, LayerWeights w, float @Nullable [] storedSkip) {
        int width = w.decoderBias().length;
        if (w.threshold() != null) {
            file.tensor(names.threshold(), w.threshold(), w.encoderBias().length);
        }
        if (storedSkip != null) {
            file.tensor(names.skip(), storedSkip, width, width);
        }
    }

    private static float[] transposed(float[] square, int width) {
        float[] result = new float[square.length];
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < width; j++) {
                result[j * width + i] = square[i * width + j];
            }
        }
        return result;
    }
}
