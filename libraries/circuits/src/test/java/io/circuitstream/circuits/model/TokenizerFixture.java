package io.circuitstream.circuits.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of src/test/resources/tokenizers as a model's folder, without weights. */
record TokenizerFixture(Path folder, JsonNode expected) {
    private static final Path ALL = Path.of("src/test/resources/tokenizers");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Copies the fixture and writes a config.json of the given family. */
    static TokenizerFixture copy(String name, String modelType, Path folder) throws IOException {
        JsonNode expected =
                JSON.readTree(ALL.resolve(name).resolve("expected.json").toFile());
        for (String file : new String[] {"tokenizer.json", "tokenizer_config.json"}) {
            Path source = ALL.resolve(name).resolve(file);
            if (Files.exists(source)) {
                Files.copy(source, folder.resolve(file));
            }
        }
        TokenizerFixture fixture = new TokenizerFixture(folder, expected);
        fixture.config((ObjectNode) expected.path("config"), modelType);
        return fixture;
    }

    /** @param tokenIds bos_token_id and the like */
    void config(ObjectNode tokenIds, String modelType) throws IOException {
        ObjectNode config = JSON.createObjectNode()
                .put("model_type", modelType)
                .put("num_hidden_layers", 1)
                .put("hidden_size", 8)
                .put("num_attention_heads", 2)
                .put("num_key_value_heads", 2)
                .put("intermediate_size", 8)
                .put("sliding_window", 8)
                .put("max_position_embeddings", 64)
                .put("vocab_size", expected.path("vocabulary").asInt());
        config.setAll(tokenIds);
        Files.writeString(folder.resolve("config.json"), config.toString());
    }

    Tokens tokens() {
        return Tokens.read(folder, ModelConfig.read(folder));
    }
}
