package io.circuitstream.circuits.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.circuitstream.circuits.chat.ChatTemplate;
import io.circuitstream.circuits.files.ModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A folder's {@code tokenizer_config.json}: what tokens are for. Models may come without one. */
record TokenizerConfig(Path folder, JsonNode json) {
    /** Templates are the longest entries that real ones have, some ten kB; lists of a thousand added tokens take 200 kB. */
    private static final long MAX_BYTES = 20L << 20;

    /** @throws ModelFileException when it is there and of no use */
    static TokenizerConfig read(Path folder) {
        Path file = folder.resolve("tokenizer_config.json");
        if (!Files.isRegularFile(file)) {
            return new TokenizerConfig(folder, MissingNode.getInstance());
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ModelFileException(
                        file, "has " + Files.size(file) + " bytes, a configuration may have at most " + MAX_BYTES);
            }
            JsonNode json = new ObjectMapper().readTree(file.toFile());
            if (!json.isObject()) {
                throw new ModelFileException(file, "is not a JSON object: download it again, or delete it");
            }
            return new TokenizerConfig(folder, json);
        } catch (IOException e) {
            throw new ModelFileException(file, "is not JSON: download it again, or delete it: " + e.getMessage(), e);
        }
    }

    /** The text of {@code bos_token} and the like, which are strings or objects with a {@code content}. */
    @Nullable
    String token(String name) {
        JsonNode value = json.path(name);
        JsonNode text = value.isObject() ? value.path("content") : value;
        return text.isTextual() ? text.asText() : null;
    }

    /**
     * The token that stands first in every prompt: the first that there is of bos, pad and eos, as in circuit-tracer. What this
     * file names goes before the model's configuration; ids without a row in the embedding do not count.
     *
     * @return −1 when there is none
     */
    int begin(Map<String, Integer> ids, ModelConfig model) {
        for (String name : new String[] {"bos_token", "pad_token", "eos_token"}) {
            String text = token(name);
            Integer id = text == null ? null : ids.get(text);
            if (id != null && id < model.vocabulary()) {
                return id;
            }
        }
        return model.beginTokenId() < model.vocabulary() ? model.beginTokenId() : -1;
    }

    /**
     * The folder's chat template: {@code chat_template.jinja}, else this file's, of several the one named default. Null when there is
     * none.
     */
    @Nullable
    ChatTemplate chatTemplate() {
        Path own = folder.resolve("chat_template.jinja");
        String bos = Objects.requireNonNullElse(token("bos_token"), "");
        String eos = Objects.requireNonNullElse(token("eos_token"), "");
        if (Files.isRegularFile(own)) {
            return new ChatTemplate(own, text(own), bos, eos);
        }
        JsonNode template = json.path("chat_template");
        for (JsonNode named : template.isArray() ? template : List.<JsonNode>of()) {
            if (named.path("name").asText().equals("default")) {
                template = named.path("template");
            }
        }
        return template.isTextual()
                ? new ChatTemplate(folder.resolve("tokenizer_config.json"), template.asText(), bos, eos)
                : null;
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ModelFileException(
                        file, "has " + Files.size(file) + " bytes, a template may have at most " + MAX_BYTES);
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new ModelFileException(file, "cannot be read as text: download it again, or delete it", e);
        }
    }

    /** Whether the tokenizer puts BOS in front of every text; {@code otherwise} when the file does not say. */
    boolean addsBos(boolean otherwise) {
        return json.path("add_bos_token").asBoolean(otherwise);
    }
}
