package io.circuitstream.circuits.transcoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A transcoder folder's {@code config.yaml}.
 *
 * @param activation relu, jump_relu or topk; layers with thresholds are JumpReLU even where it says or means relu
 * @param k of TopK, 0 where the config gives none
 */
record TranscoderConfig(Path file, Kind kind, InputSite site, String activation, int k) {

    /** @throws ModelFileException naming the key, and what is supported */
    static TranscoderConfig read(Path folder) {
        Path file = folder.resolve("config.yaml");
        if (!Files.isRegularFile(file)) {
            throw new ModelFileException(file, "missing: give a transcoder folder with --transcoder");
        }
        JsonNode config;
        try {
            config = new YAMLMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new ModelFileException(file, "is not YAML: " + e.getMessage(), e);
        }
        String output = config.path("feature_output_hook").asText();
        if (!output.equals("hook_mlp_out") && !output.equals("mlp.hook_out")) {
            throw new ModelFileException(file, "feature_output_hook '" + output + "' is not supported");
        }
        String input = config.path("feature_input_hook").asText();
        InputSite site = InputSite.of(input)
                .orElseThrow(() -> new ModelFileException(
                        file,
                        "feature_input_hook '" + input + "' is not supported; supported are " + InputSite.hooks()));
        String modelKind = config.path("model_kind").asText();
        Kind kind = Arrays.stream(Kind.values())
                .filter(k -> k.modelKind().equals(modelKind))
                .findFirst()
                .orElseThrow(() -> new ModelFileException(
                        file,
                        "model_kind '" + modelKind
                                + "' is not supported; supported are cross_layer_transcoder, transcoder_set"));
        String activation = config.path("activation").asText("relu");
        if (!activation.equals("relu") && !activation.equals("jump_relu") && !activation.equals("topk")) {
            throw new ModelFileException(
                    file, "activation '" + activation + "' is not supported; supported are relu, jump_relu, topk");
        }
        return new TranscoderConfig(file, kind, site, activation, k(file, config));
    }

    private static int k(Path file, JsonNode config) {
        JsonNode k = config.path("k");
        if (k.isMissingNode()) {
            return 0;
        }
        if (!k.isInt() || k.intValue() < 1) {
            throw new ModelFileException(file, "k is " + k.asText() + ", must be a whole number of at least 1");
        }
        if (!config.has("activation")) {
            throw new ModelFileException(file, "k is given without an activation: add 'activation: topk' to use it");
        }
        return k.intValue();
    }

    /** One layer's activation; k may be a scalar in the layer's file instead. */
    Activation activation(Safetensors layer, LayerNames names, long features) {
        if (!activation.equals("topk")) {
            return activation.equals("jump_relu") || layer.has(names.threshold())
                    ? new Activation.JumpRelu(layer.readFloats(names.threshold(), features))
                    : new Activation.Relu();
        }
        if (layer.has(names.threshold())) {
            throw new ModelFileException(
                    layer.file(), "tensor " + names.threshold() + " does not go with activation topk of config.yaml");
        }
        if (k == 0 && !layer.has("k")) {
            throw new ModelFileException(file, "activation topk needs k: the number of active features a token");
        }
        int active = k > 0 ? k : scalar(layer);
        if (active < 1 || active > features) {
            throw new ModelFileException(
                    layer.file(), "k is " + active + ", must be 1 to the layer's " + features + " features");
        }
        return new Activation.TopK(active);
    }

    private static int scalar(Safetensors layer) {
        Safetensors.Entry entry = layer.entries().get("k");
        if (entry.elements() != 1) {
            throw new ModelFileException(layer.file(), "tensor k has shape " + entry.shape() + ", must be one number");
        }
        return switch (entry.type()) {
            case I32, I64 -> layer.readInts("k")[0];
            default -> (int) layer.readFloats("k")[0];
        };
    }
}
