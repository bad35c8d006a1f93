package io.circuitstream.circuits.transcoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.files.TensorFile;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A transcoder folder's {@code config.yaml}.
 *
 * @param beforePostNorm the output site is the MLP's own output, which some models put through a norm
 * @param activation relu, jump_relu or topk; layers with thresholds are JumpReLU even where it says or means relu
 * @param k of TopK, 0 where the config gives none
 * @param transcoders a file for each layer; empty where the folder's own names tell
 */
record TranscoderConfig(
        Path file,
        Kind kind,
        InputSite site,
        boolean beforePostNorm,
        String activation,
        int k,
        List<String> transcoders) {
    /** What is added to the stream: after Gemma's post-norm. */
    private static final String ADDED = "hook_mlp_out";

    private static final String BEFORE_POST_NORM = "mlp.hook_out";

    /** @throws ModelFileException naming the key, and what is supported */
    static TranscoderConfig read(Path folder) {
        Path file = folder.resolve("config.yaml");
        if (!Files.isRegularFile(file)) {
            throw LayerFiles.unknown(folder, "its config.yaml is missing: give a transcoder folder with --transcoder");
        }
        JsonNode config;
        try {
            config = new YAMLMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new ModelFileException(file, "is not YAML: " + e.getMessage(), e);
        }
        String output = config.path("feature_output_hook").asText();
        if (!output.equals(ADDED) && !output.equals(BEFORE_POST_NORM)) {
            throw new ModelFileException(
                    file,
                    "feature_output_hook '" + output + "' is not supported; supported are " + ADDED + ", "
                            + BEFORE_POST_NORM);
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
        return new TranscoderConfig(
                file,
                kind,
                site,
                output.equals(BEFORE_POST_NORM),
                activation,
                k(file, config),
                transcoders(file, config.path("transcoders")));
    }

    private static List<String> transcoders(Path file, JsonNode list) {
        if (list.isMissingNode()) {
            return List.of();
        }
        List<String> paths = new ArrayList<>();
        list.forEach(path -> paths.add(path.isTextual() ? path.textValue() : ""));
        if (!list.isArray() || paths.isEmpty() || paths.contains("")) {
            throw new ModelFileException(file, "transcoders must be a list of one file for each layer");
        }
        return List.copyOf(paths);
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

    /** Checks what {@link #activation} reads. */
    void checkActivation(LayerTensors layer) {
        TensorFile tensors = layer.encoder();
        String threshold = layer.names().threshold();
        if (!activation.equals("topk")) {
            if (jumpRelu(layer)) {
                tensors.requireFloats(threshold, layer.features());
            }
            return;
        }
        if (tensors.has(threshold)) {
            throw new ModelFileException(
                    tensors.file(), "tensor " + threshold + " does not go with activation topk of config.yaml");
        }
        if (k == 0 && !tensors.has("k")) {
            throw new ModelFileException(file, "activation topk needs k: the number of active features a token");
        }
        int active = k > 0 ? k : scalar(tensors);
        if (active < 1 || active > layer.features()) {
            throw new ModelFileException(
                    tensors.file(), "k is " + active + ", must be 1 to the layer's " + layer.features() + " features");
        }
    }

    /** One layer's activation; k may be a scalar in the layer's file instead. */
    Activation activation(LayerTensors layer) {
        if (activation.equals("topk")) {
            return new Activation.TopK(k > 0 ? k : scalar(layer.encoder()));
        }
        return jumpRelu(layer)
                ? new Activation.JumpRelu(
                        layer.encoder().readFloats(layer.names().threshold()))
                : new Activation.Relu();
    }

    private boolean jumpRelu(LayerTensors layer) {
        return activation.equals("jump_relu")
                || layer.layout().jumpRelu
                || layer.encoder().has(layer.names().threshold());
    }

    private static int scalar(TensorFile layer) {
        TensorFile.Entry entry = layer.entries().get("k");
        if (entry.elements() != 1) {
            throw new ModelFileException(layer.file(), "tensor k has shape " + entry.shape() + ", must be one number");
        }
        return switch (entry.type()) {
            case I32, I64 -> layer.readInts("k")[0];
            default -> (int) layer.readFloats("k")[0];
        };
    }
}
