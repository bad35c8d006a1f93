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
import java.util.Arrays;
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
        Kind kind = Arrays.stream(Kind.values())
                .filter(k -> k.modelKind().equals(config.path("model_kind").asText()))
                .findFirst()
                .orElseThrow(() -> new ModelFileException(
                        configFile,
                        "model_kind '" + config.path("model_kind").asText()
                                + "' is not supported; supported are cross_layer_transcoder, transcoder_set"));
        String scan = ContentHash.ofFolder(folder, "config.yaml", ".safetensors");
        int layers = count(folder, kind == Kind.CROSS_LAYER ? "W_enc_" : "layer_");
        TrainedTranscoder result = new TrainedTranscoder(folder, kind, site, scan, layers);
        try {
            long width = -1;
            for (int i = 0; i < layers; i++) {
                width = read(folder, result, i, width, activation.equals("jump_relu"));
            }
            return result;
        } catch (RuntimeException e) {
            result.close();
            throw e;
        }
    }

    /** Checks and reads one layer. Yields its width, which must be the other layers', unless that is −1. */
    private static long read(Path folder, TrainedTranscoder to, int layer, long width, boolean jump) {
        LayerNames names = LayerNames.of(to.kind(), layer);
        Safetensors encoder = Safetensors.open(folder.resolve(names.encoderFile()));
        Safetensors decoder = names.decoderFile().equals(names.encoderFile())
                ? encoder
                : Safetensors.open(folder.resolve(names.decoderFile()));
        long[] shape = encoderShape(encoder, names.encoder(), width);
        switch (to.kind()) {
            case CROSS_LAYER -> decoder.requireShape(names.decoder(), shape[0], to.layers() - layer, shape[1]);
            case PER_LAYER -> decoder.requireShape(names.decoder(), shape[0], shape[1]);
        }
        to.read(layer, names, encoder, decoder, activation(encoder, names, shape[0], jump));
        return shape[1];
    }

    /** Thresholds make it JumpReLU, whatever the config says. */
    private static Activation activation(Safetensors file, LayerNames names, long features, boolean jump) {
        return jump || file.has(names.threshold())
                ? new Activation.JumpRelu(file.readFloats(names.threshold(), features))
                : new Activation.Relu();
    }

    private static long[] encoderShape(Safetensors file, String name, long width) {
        long[] shape = file.shape(name);
        if (shape.length != 2 || (width >= 0 && shape[1] != width)) {
            throw new ModelFileException(
                    file.file(),
                    "tensor " + name + " has shape " + Arrays.toString(shape) + ", expected [features, "
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
