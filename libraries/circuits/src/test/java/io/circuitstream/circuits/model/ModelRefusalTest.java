package io.circuitstream.circuits.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.LiveArrays;
import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.files.SafetensorsWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** reliability.md M1 for model folders. */
class ModelRefusalTest {
    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void write() throws IOException {
        model = TinyModels.llama(folder.resolve("model"), 1);
    }

    /** Loading must fail with these words and leave nothing in native memory. */
    private void assertRefused(String... words) {
        int before = LiveArrays.count();
        assertThatThrownBy(() -> LanguageModel.load(model).close())
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(model.toString())
                .hasMessageContainingAll(words);
        assertThat(LiveArrays.count()).isEqualTo(before);
    }

    private void config(Consumer<ObjectNode> change) throws IOException {
        Path file = model.resolve("config.json");
        ObjectNode json = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        change.accept(json);
        Files.writeString(file, json.toString());
    }

    /** Writes the weights anew: a tensor for which the change yields null is left out. */
    private void weights(String name, UnaryOperator<float[]> change, long... shape) throws IOException {
        Path file = model.resolve("model.safetensors");
        Safetensors old = Safetensors.open(file);
        SafetensorsWriter writer = new SafetensorsWriter();
        for (String tensor : old.entries().keySet()) {
            float[] values = old.readFloats(tensor);
            if (!tensor.equals(name)) {
                writer.tensor(tensor, values, old.shape(tensor));
            } else if (change.apply(values) != null) {
                writer.tensor(tensor, change.apply(values), shape.length == 0 ? old.shape(tensor) : shape);
            }
        }
        writer.write(file);
    }

    @Test
    void shouldSayWhichOptionWhenThereIsNoFolder() {
        model = folder.resolve("nowhere");
        assertRefused("no such folder", "--model");
    }

    @Test
    void shouldNameTheConfigWhenItIsMissing() throws IOException {
        Files.delete(model.resolve("config.json"));
        assertRefused("config.json", "missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "not json"})
    void shouldNameTheConfigWhenItIsNotJson(String text) throws IOException {
        Files.writeString(model.resolve("config.json"), text);
        assertRefused("config.json", "not JSON");
    }

    @Test
    void shouldListWhatIsSupportedWhenTheModelTypeIsAnother() throws IOException {
        config(c -> c.put("model_type", "mamba"));
        assertRefused("'mamba'", "gpt2, gpt_neox, llama, mistral, qwen2, qwen3, gemma2, gemma3_text, gemma3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "num_hidden_layers",
                "hidden_size",
                "num_attention_heads",
                "intermediate_size",
                "vocab_size",
                "max_position_embeddings"
            })
    void shouldNameTheKeyWhenItIsMissingOrNotPositive(String key) throws IOException {
        config(c -> c.put(key, -1));
        assertRefused("config.json", key);
        config(c -> c.remove(key));
        assertRefused("config.json", key);
    }

    @Test
    void shouldRefuseWhenTheArchitectureDiffersFromWhatWeCompute() throws IOException {
        config(c -> c.putObject("rope_scaling").put("type", "longrope"));
        assertRefused("rope_type 'longrope'", "supported are [default, linear, dynamic, llama3, yarn]");
        config(c -> c.putNull("rope_scaling").putObject("rope_parameters").put("rope_type", "longrope"));
        assertRefused("rope_type 'longrope'");
        config(c -> c.putNull("rope_parameters").put("attention_bias", true));
        assertRefused("tensor model.layers.0.self_attn.q_proj.bias");
        config(c -> c.put("attention_bias", false).put("hidden_act", "mish"));
        assertRefused("hidden_act", "mish", "silu");
        config(c -> c.put("hidden_act", "silu").put("partial_rotary_factor", .01));
        assertRefused("rotary positions over 0 of a head's");
        config(c -> c.put("partial_rotary_factor", 1).put("rope_theta", "fast"));
        assertRefused("rope_theta is \"fast\", not a number");
        config(c -> c.put("rope_theta", 10_000).put("scale_attn_by_inverse_layer_idx", true));
        assertRefused("attention is scaled in a way that is not supported");
        config(c -> c.put("scale_attn_by_inverse_layer_idx", false)
                .putArray("layer_types")
                .add("full_attention"));
        assertRefused("layer_types has 1 entries for 4 layers");
        config(c -> c.putNull("layer_types").putNull("head_dim").put("num_attention_heads", 10));
        assertRefused("hidden_size", "no multiple of num_attention_heads 10");
        config(c -> c.put("num_attention_heads", 4).put("num_key_value_heads", 3));
        assertRefused("num_attention_heads 4", "num_key_value_heads 3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.embed_tokens.weight",
                "lm_head.weight",
                "model.norm.weight",
                "model.layers.0.input_layernorm.weight",
                "model.layers.1.self_attn.q_proj.weight",
                "model.layers.2.self_attn.k_proj.weight",
                "model.layers.3.self_attn.v_proj.weight",
                "model.layers.3.self_attn.o_proj.weight",
                "model.layers.3.post_attention_layernorm.weight",
                "model.layers.3.mlp.gate_proj.weight",
                "model.layers.3.mlp.up_proj.weight",
                "model.layers.3.mlp.down_proj.weight"
            })
    void shouldNameTheTensorWhenItIsMissingOrOfAnotherShapeOrNotFinite(String tensor) throws IOException {
        byte[] good = Files.readAllBytes(model.resolve("model.safetensors"));
        weights(tensor, v -> null);
        assertRefused("tensor " + tensor);
        Files.write(model.resolve("model.safetensors"), good);
        weights(tensor, v -> new float[6], 2, 3);
        assertRefused("model.safetensors", "tensor " + tensor, "[2, 3]", "expected");
        Files.write(model.resolve("model.safetensors"), good);
        weights(tensor, v -> {
            v[v.length - 1] = Float.NaN;
            return v;
        });
        assertRefused("model.safetensors", "tensor " + tensor, "NaN");
    }

    @Test
    void shouldSayBothWhenTheWeightsHaveMoreLayersThanTheConfig() throws IOException {
        config(c -> c.put("num_hidden_layers", 3));
        assertRefused("config.json", "3 layers", "weights have more");
    }

    @Test
    void shouldNameTheTensorWhenTheConfigHasMoreLayersThanTheWeights() throws IOException {
        config(c -> c.put("num_hidden_layers", 10_000));
        assertRefused("tensor model.layers.4.");
        config(c -> c.put("num_hidden_layers", 2_000_000_000));
        assertRefused("config.json", "num_hidden_layers 2000000000 is more than the 10000");
    }

    @Test
    void shouldNameTheShardWhenItIsMissing() throws IOException {
        index("{\"weight_map\": {\"model.norm.weight\": \"model-2-of-2.safetensors\"}}");
        assertRefused("model-2-of-2.safetensors", "no such file");
    }

    @ParameterizedTest
    @CsvSource({"../secret", "/etc/passwd", "/", "a/b", "''", ".."})
    void shouldRefuseAShardOutsideTheFolderWhenTheIndexNamesOne(String shard) throws IOException {
        index("{\"weight_map\": {\"model.norm.weight\": \"" + shard + "\"}}");
        assertRefused("model");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"no;not JSON", "{};model.embed_tokens.weight", "[];model.embed_tokens.weight"})
    void shouldSaySoWhenTheIndexIsOfNoUse(String text, String words) throws IOException {
        index(text);
        assertRefused(words);
    }

    @Test
    void shouldNameTheTensorWhenAShardLacksWhatTheIndexSays() throws IOException {
        index("{\"weight_map\": {\"model.embed_tokens.weight\": \"shard.safetensors\"}}");
        new SafetensorsWriter().tensor("other", new float[1], 1).write(model.resolve("shard.safetensors"));
        assertRefused("shard.safetensors", "tensor model.embed_tokens.weight is missing", "[other]");
    }

    private void index(String json) throws IOException {
        Files.delete(model.resolve("model.safetensors"));
        Files.writeString(model.resolve("model.safetensors.index.json"), json);
    }

    @Test
    void shouldNameTheTokenizerWhenItIsMissing() throws IOException {
        Files.delete(model.resolve("tokenizer.json"));
        assertRefused("tokenizer.json", "missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"model\": 3}", "{\"model\": {\"type\": \"Nonsense\", \"vocab\": {}}}"})
    void shouldNameTheTokenizerWhenItIsGarbage(String text) throws IOException {
        Files.writeString(model.resolve("tokenizer.json"), text);
        assertRefused("tokenizer.json", "cannot be read as a tokenizer");
    }

    @Test
    void shouldNameTheTokenizerWhenItIsNestedWithoutEnd() throws IOException {
        Files.writeString(model.resolve("tokenizer.json"), "{\"model\": " + "[".repeat(1_000_000));
        assertRefused("tokenizer.json", "cannot be read as a tokenizer");
    }

    @Test
    void shouldRefuseBeforeReadingWhenTheTokenizerIsHuge() throws IOException {
        try (RandomAccessFile sparse =
                new RandomAccessFile(model.resolve("tokenizer.json").toFile(), "rw")) {
            sparse.setLength(6L << 30);
        }
        assertRefused("tokenizer.json", (6L << 30) + " bytes", "at most");
    }
}
