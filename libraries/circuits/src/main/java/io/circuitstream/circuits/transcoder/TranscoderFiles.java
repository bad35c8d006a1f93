package io.circuitstream.circuits.transcoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.circuitstream.circuits.files.ContentHash;
import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads transcoders in circuit-tracer's two folder layouts (circuits.md §7). */
public final class TranscoderFiles {
    private TranscoderFiles() {}

    /** Loads a CLT or PLT. @throws ModelFileException naming file and tensor, and what to do */
    public static Transcoder load(Path folder) {
        Path configFile = folder.resolve("config.yaml");
        if (!Files.isRegularFile(configFile)) {
            throw new ModelFileException(configFile, "missing: give a transcoder folder with --transcoder");
        }
        JsonNode config;
        try {
            config = new YAMLMapper().readTree(configFile.toFile());
        } catch (IOException e) {
            throw new ModelFileException(configFile, "is not YAML: " + e.getMessage(), e);
        }
        String output = config.path("feature_output_hook").asText();
        if (!output.equals("hook_mlp_out") && !output.equals("mlp.hook_out")) {
            throw new ModelFileException(configFile, "feature_output_hook '" + output + "' is not supported");
        }
        String input = config.path("feature_input_hook").asText();
        InputSite site = InputSite.of(input)
                .orElseThrow(() -> new ModelFileException(
                        configFile,
                        "feature_input_hook '" + input
                                + "' is not supported; supported are hook_resid_mid, mlp.hook_in"));
        String activation = config.path("activation").asText("relu");
        if (!activation.equals("relu") && !activation.equals("jump_relu")) {
            throw new ModelFileException(configFile, "activation '" + activation + "' is not supported");
        }
        String scan = ContentHash.ofFolder(folder, "config.yaml", ".safetensors");
        return switch (config.path("model_kind").asText()) {
            case "cross_layer_transcoder" -> crossLayer(folder, site, scan, activation.equals("jump_relu"));
            case "transcoder_set" -> perLayer(folder, site, scan, activation.equals("jump_relu"));
            default ->
                throw new ModelFileException(
                        configFile,
                        "model_kind '" + config.path("model_kind").asText()
                                + "' is not supported; supported are cross_layer_transcoder, transcoder_set");
        };
    }

    private static Transcoder crossLayer(Path folder, InputSite site, String scan, boolean jump) {
        int layers = count(folder, "W_enc_");
        Transcoder result = new Transcoder(folder, Kind.CROSS_LAYER, site, scan, layers);
        try {
            long width = -1;
            for (int i = 0; i < layers; i++) {
                Safetensors enc = Safetensors.open(folder.resolve("W_enc_" + i + ".safetensors"));
                Safetensors dec = Safetensors.open(folder.resolve("W_dec_" + i + ".safetensors"));
                requireSupported(enc, "W_skip_" + i, jump ? "threshold_" + i : "W_enc_" + i);
                long[] shape = encoderShape(enc, "W_enc_" + i, width);
                width = shape[1];
                dec.requireShape("W_dec_" + i, shape[0], layers - i, width);
                result.layer(i, enc, "W_enc_" + i, "b_enc_" + i, "b_dec_" + i, "threshold_" + i, dec, "W_dec_" + i);
            }
            return result;
        } catch (RuntimeException e) {
            result.close();
            throw e;
        }
    }

    private static Transcoder perLayer(Path folder, InputSite site, String scan, boolean jump) {
        int layers = count(folder, "layer_");
        Transcoder result = new Transcoder(folder, Kind.PER_LAYER, site, scan, layers);
        try {
            long width = -1;
            for (int i = 0; i < layers; i++) {
                Safetensors file = Safetensors.open(folder.resolve("layer_" + i + ".safetensors"));
                requireSupported(file, "W_skip", jump ? "activation_function.threshold" : "W_enc");
                long[] shape = encoderShape(file, "W_enc", width);
                width = shape[1];
                file.requireShape("W_dec", shape[0], width);
                result.layer(i, file, "W_enc", "b_enc", "b_dec", "activation_function.threshold", file, "W_dec");
            }
            return result;
        } catch (RuntimeException e) {
            result.close();
            throw e;
        }
    }

    /** What would silently be left out: a skip connection, or the thresholds that the config's activation needs. */
    private static void requireSupported(Safetensors file, String skip, String needed) {
        if (file.has(skip)) {
            throw new ModelFileException(file.file(), "skip transcoders (" + skip + ") are not supported");
        }
        if (!file.has(needed)) {
            throw new ModelFileException(file.file(), "tensor " + needed + " is missing");
        }
    }

    private static long[] encoderShape(Safetensors file, String name, long width) {
        long[] shape = file.shape(name);
        if (shape.length != 2 || (width >= 0 && shape[1] != width)) {
            throw new ModelFileException(
                    file.file(),
                    "tensor " + name + " has shape " + java.util.Arrays.toString(shape) + ", expected [features, "
                            + (width < 0 ? "width" : width) + "]");
        }
        return shape;
    }

    /** Layers are numbered without gaps from 0; a gap shows as a missing file when the layer is opened. */
    private static int count(Path folder, String prefix) {
        Pattern name = Pattern.compile(Pattern.quote(prefix) + "(\\d{1,5})\\.safetensors");
        try (Stream<Path> list = Files.list(folder)) {
            int last = list.map(f -> name.matcher(f.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToInt(m -> Integer.parseInt(m.group(1)))
                    .max()
                    .orElse(-1);
            if (last < 0) {
                throw new ModelFileException(folder, "has no " + prefix + "0.safetensors");
            }
            return last + 1;
        } catch (IOException e) {
            throw new ModelFileException(folder, "cannot be read: " + e.getMessage(), e);
        }
    }
}
