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
     * @param threshold [F] for JumpReLU, null for ReLU
     * @param decoder [F, span, d]; the span is 1 for a per-layer transcoder
     * @param decoderBias [d], of this layer's output
     */
    public record LayerWeights(
            float[] encoder, float[] encoderBias, float @Nullable [] threshold, float[] decoder, float[] decoderBias) {}

    /**
     * Writes the folder; {@code config.yaml} comes last, as the mark that everything before it is complete.
     *
     * @param scan the name that circuit-tracer shows; our own identity of a transcoder is its content hash
     */
    public static void write(
            Path folder, Kind kind, InputSite site, String modelName, String scan, List<LayerWeights> layers)
            throws IOException {
        Files.createDirectories(folder);
        for (int l = 0; l < layers.size(); l++) {
            switch (kind) {
                case CROSS_LAYER -> crossLayer(folder, l, layers.size() - l, layers.get(l));
                case PER_LAYER -> perLayer(folder, l, layers.get(l));
            }
        }
        Files.writeString(folder.resolve("config.yaml"), """
                model_kind: %s
                model_name: %s
                feature_input_hook: %s
                feature_output_hook: hook_mlp_out
                scan: %s
                """.formatted(kind.modelKind(), modelName, site.hook(), scan));
    }

    private static void crossLayer(Path folder, int l, int span, LayerWeights w) throws IOException {
        int features = w.encoderBias().length;
        int width = w.decoderBias().length;
        SafetensorsWriter encoder = new SafetensorsWriter()
                .tensor("W_enc_" + l, w.encoder(), features, width)
                .tensor("b_enc_" + l, w.encoderBias(), features)
                .tensor("b_dec_" + l, w.decoderBias(), width);
        if (w.threshold() != null) {
            encoder.tensor("threshold_" + l, w.threshold(), features);
        }
        encoder.write(folder.resolve("W_enc_" + l + ".safetensors"));
        new SafetensorsWriter()
                .tensor("W_dec_" + l, w.decoder(), features, span, width)
                .write(folder.resolve("W_dec_" + l + ".safetensors"));
    }

    private static void perLayer(Path folder, int l, LayerWeights w) throws IOException {
        int features = w.encoderBias().length;
        int width = w.decoderBias().length;
        SafetensorsWriter file = new SafetensorsWriter()
                .tensor("W_enc", w.encoder(), features, width)
                .tensor("W_dec", w.decoder(), features, width)
                .tensor("b_enc", w.encoderBias(), features)
                .tensor("b_dec", w.decoderBias(), width);
        if (w.threshold() != null) {
            file.tensor("activation_function.threshold", w.threshold(), features);
        }
        file.write(folder.resolve("layer_" + l + ".safetensors"));
    }
}
