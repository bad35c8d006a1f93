package io.circuitstream.training.transcoder;

import io.circuitstream.circuits.files.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A transcoder as a folder in circuit-tracer's layout for cross-layer transcoders. */
public final class TranscoderFolder {

    private TranscoderFolder() {}

    /**
     * Writes {@code config.yaml} and two files a layer.
     *
     * @param modelName the name of the model it was trained on
     * @param scan the name features of this transcoder are known by
     */
    public static void write(Path folder, FoldedTranscoder transcoder, String modelName, String scan)
            throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.yaml"), """
                model_kind: cross_layer_transcoder
                model_name: %s
                feature_input_hook: mlp.hook_in
                feature_output_hook: hook_mlp_out
                scan: %s
                """.formatted(modelName, scan));
        TranscoderShape shape = transcoder.shape;
        int features = shape.features();
        for (int i = 0; i < shape.layers(); i++) {
            new SafetensorsWriter()
                    .tensor("W_enc_" + i, transcoder.encoder[i], features, shape.width())
                    .tensor("b_enc_" + i, transcoder.encoderBias[i], features)
                    .tensor("threshold_" + i, transcoder.threshold[i], features)
                    .tensor("b_dec_" + i, transcoder.decoderBias[i], shape.width())
                    .write(folder.resolve("W_enc_" + i + ".safetensors"));
            new SafetensorsWriter()
                    .tensor("W_dec_" + i, transcoder.decoder[i], features, shape.layers() - i, shape.width())
                    .write(folder.resolve("W_dec_" + i + ".safetensors"));
        }
    }
}
