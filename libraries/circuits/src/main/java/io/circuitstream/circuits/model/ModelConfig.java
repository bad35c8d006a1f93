package io.circuitstream.circuits.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.circuits.files.ModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code config.json} of a Hugging Face folder says of the architecture.
 *
 * @param layers L
 * @param width d, the residual stream's
 * @param heads query heads H
 * @param kvHeads key and value heads; divides heads
 * @param headWidth width of one head
 * @param hidden width of the MLP's hidden layer
 * @param vocabulary V
 * @param maxPositions longest prompt in tokens
 * @param bosTokenId −1 when the model has none
 */
public record ModelConfig(
        String modelType,
        int layers,
        int width,
        int heads,
        int kvHeads,
        int headWidth,
        int hidden,
        int vocabulary,
        int maxPositions,
        float normEpsilon,
        double ropeTheta,
        boolean tiedEmbeddings,
        int bosTokenId) {

    public static final List<String> SUPPORTED = List.of("llama");

    /** Reads the folder's config. @throws ModelFileException when it is missing, incomplete, or of a model type that is not supported */
    public static ModelConfig read(Path folder) {
        Path file = folder.resolve("config.json");
        if (!Files.isDirectory(folder)) {
            throw new ModelFileException(folder, "no such folder: give a Hugging Face model folder with --model");
        }
        if (!Files.isRegularFile(file)) {
            throw new ModelFileException(file, "missing: " + folder + " is not a Hugging Face model folder");
        }
        JsonNode json;
        try {
            json = new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new ModelFileException(file, "is not JSON: " + e.getMessage(), e);
        }
        String type = json.path("model_type").asText();
        if (!SUPPORTED.contains(type)) {
            throw new ModelFileException(
                    file, "model_type '" + type + "' is not supported; supported are " + SUPPORTED);
        }
        if (!json.path("rope_scaling").isMissingNode()
                && !json.path("rope_scaling").isNull()) {
            throw new ModelFileException(file, "rope_scaling is not supported");
        }
        String rope = json.path("rope_parameters").path("rope_type").asText("default");
        if (!rope.equals("default")) {
            throw new ModelFileException(file, "rope_type '" + rope + "' is not supported; supported is default");
        }
        if (json.path("attention_bias").asBoolean() || json.path("mlp_bias").asBoolean()) {
            throw new ModelFileException(file, "attention_bias and mlp_bias are not supported");
        }
        String activation = json.path("hidden_act").asText("silu");
        if (!activation.equals("silu")) {
            throw new ModelFileException(file, "hidden_act '" + activation + "' is not supported; supported is silu");
        }
        int heads = positive(file, json, "num_attention_heads");
        int width = positive(file, json, "hidden_size");
        int kvHeads = json.path("num_key_value_heads").asInt(heads);
        if (kvHeads < 1 || heads % kvHeads != 0) {
            throw new ModelFileException(
                    file, "num_attention_heads " + heads + " is no multiple of num_key_value_heads " + kvHeads);
        }
        return new ModelConfig(
                type,
                positive(file, json, "num_hidden_layers"),
                width,
                heads,
                kvHeads,
                json.path("head_dim").asInt(width / heads),
                positive(file, json, "intermediate_size"),
                positive(file, json, "vocab_size"),
                positive(file, json, "max_position_embeddings"),
                (float) json.path("rms_norm_eps").asDouble(1e-6),
                ropeTheta(json),
                json.path("tie_word_embeddings").asBoolean(false),
                json.path("bos_token_id").asInt(-1));
    }

    /** Newer transformers write it inside {@code rope_parameters}. */
    private static double ropeTheta(JsonNode json) {
        return json.path("rope_theta")
                .asDouble(json.path("rope_parameters").path("rope_theta").asDouble(10_000));
    }

    private static int positive(Path file, JsonNode json, String key) {
        int value = json.path(key).asInt(0);
        if (value < 1) {
            throw new ModelFileException(file, key + " is missing or not a positive number");
        }
        return value;
    }
}
