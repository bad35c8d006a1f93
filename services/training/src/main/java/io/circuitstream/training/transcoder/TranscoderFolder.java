package io.circuitstream.training.transcoder;

import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.TranscoderWriter;
import io.circuitstream.circuits.transcoder.TranscoderWriter.LayerWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
        List<LayerWeights> layers = new ArrayList<>();
        for (int i = 0; i < transcoder.shape.layers(); i++) {
            layers.add(new LayerWeights(
                    transcoder.encoder[i],
                    transcoder.encoderBias[i],
                    transcoder.threshold[i],
                    transcoder.decoder[i],
                    transcoder.decoderBias[i]));
        }
        TranscoderWriter.write(folder, Transcoder.Kind.CROSS_LAYER, InputSite.MLP_IN, modelName, scan, layers);
    }

    /** Reads a folder this class wrote; {@code config.yaml} is not looked at. */
    public static FoldedTranscoder read(Path folder) {
        int layers = 0;
        while (Files.exists(encoderFile(folder, layers))) {
            layers++;
        }
        long[] size = Safetensors.open(encoderFile(folder, 0)).shape("W_enc_0");
        TranscoderShape shape = new TranscoderShape(layers, (int) size[1], (int) size[0]);
        FoldedTranscoder transcoder = new FoldedTranscoder(shape);
        for (int i = 0; i < layers; i++) {
            Safetensors encoder = Safetensors.open(encoderFile(folder, i));
            Safetensors decoder = Safetensors.open(decoderFile(folder, i));
            transcoder.encoder[i] = encoder.readFloats("W_enc_" + i, size);
            transcoder.encoderBias[i] = encoder.readFloats("b_enc_" + i, size[0]);
            transcoder.threshold[i] = encoder.readFloats("threshold_" + i, size[0]);
            transcoder.decoderBias[i] = encoder.readFloats("b_dec_" + i, size[1]);
            transcoder.decoder[i] = decoder.readFloats("W_dec_" + i, size[0], layers - i, size[1]);
        }
        return transcoder;
    }

    private static Path encoderFile(Path folder, int layer) {
        return folder.resolve("W_enc_" + layer + ".safetensors");
    }

    private static Path decoderFile(Path folder, int layer) {
        return folder.resolve("W_dec_" + layer + ".safetensors");
    }
}
