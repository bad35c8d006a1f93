package io.circuitstream.circuits.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.files.ModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A folder's {@code config.json} with the defaults of its family. A key may have several names; null counts as missing. Of a
 * multimodal model the part of the text counts.
 */
record ConfigFile(Path file, Architecture architecture, JsonNode json) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TOKEN_IDS = List.of("bos_token_id", "pad_token_id", "eos_token_id");

    /** @throws ModelFileException when it is missing, no JSON, or of a model type that is not supported */
    static ConfigFile read(Path folder) {
        Path file = folder.resolve("config.json");
        if (!Files.isDirectory(folder)) {
            throw new ModelFileException(folder, "no such folder: give a Hugging Face model folder with --model");
        }
        if (!Files.isRegularFile(file)) {
            throw new ModelFileException(file, "missing: " + folder + " is not a Hugging Face model folder");
        }
        JsonNode root;
        try {
            root = JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new ModelFileException(file, "is not JSON: " + e.getMessage(), e);
        }
        String type = root.path("model_type").asText();
        Architecture architecture = Architecture.of(type)
                .orElseThrow(() -> new ModelFileException(
                        file,
                        "model_type '" + type + "' is not supported; supported are " + Architecture.modelTypes()));
        ObjectNode json = JSON.valueToTree(architecture.defaults());
        JsonNode own = root.path("text_config").isObject() ? root.path("text_config") : root;
        own.properties().forEach(p -> json.set(p.getKey(), p.getValue()));
        for (String key : TOKEN_IDS) {
            if (root.hasNonNull(key) && !own.has(key)) {
                json.set(key, root.get(key));
            }
        }
        return new ConfigFile(file, architecture, json);
    }

    /** The first of the keys that is there and not null; missing otherwise. */
    JsonNode get(String... keys) {
        for (String key : keys) {
            if (json.hasNonNull(key)) {
                return json.get(key);
            }
        }
        return MissingNode.getInstance();
    }

    /** The first of bos, pad and eos that is there, of several eos the first; −1 without any. */
    int beginTokenId() {
        JsonNode ids = get(TOKEN_IDS.toArray(String[]::new));
        JsonNode id = ids.isArray() ? ids.path(0) : ids;
        if (!id.isMissingNode() && !id.canConvertToInt()) {
            throw refused("a token id is " + id + ", not a number");
        }
        return id.asInt(-1);
    }

    boolean has(String... keys) {
        return !get(keys).isMissingNode();
    }

    boolean flag(String key) {
        return get(key).asBoolean(false);
    }

    String text(String... keys) {
        return get(keys).asText();
    }

    double number(double otherwise, String... keys) {
        JsonNode value = get(keys);
        if (!value.isMissingNode() && !value.isNumber()) {
            throw refused(keys[0] + " is " + value + ", not a number");
        }
        return value.asDouble(otherwise);
    }

    int positive(String... keys) {
        JsonNode value = get(keys);
        if (!value.canConvertToInt() || value.asInt(0) < 1) {
            throw refused(keys[0] + " is missing or not a positive number");
        }
        return value.asInt();
    }

    ModelFileException refused(String why) {
        return new ModelFileException(file, why);
    }
}
