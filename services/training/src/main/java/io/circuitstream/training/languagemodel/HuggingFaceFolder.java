package io.circuitstream.training.languagemodel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.files.SafetensorsWriter;
import io.circuitstream.training.checkpoint.DurableFile;
import io.circuitstream.training.corpus.Vocabulary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A model as the folder of files that Hugging Face's libraries load. */
public final class HuggingFaceFolder {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private HuggingFaceFolder() {}

    /**
     * Writes {@code model.safetensors}, the tokenizer's two files, {@code generation_config.json} and at last {@code config.json},
     * each as a whole and forced to the disk.
     *
     * @param positions most tokens of a text that the model is meant for
     */
    public static void write(Path folder, LanguageModel model, Vocabulary vocabulary, int positions)
            throws IOException {
        Files.createDirectories(folder);
        SafetensorsWriter tensors = new SafetensorsWriter().metadata("format", "pt");
        Map<String, long[]> shapes = model.shape().tensors();
        model.weights().forEach((name, values) -> tensors.tensor(name, values, shape(shapes, name)));
        DurableFile.replace(
                folder.resolve("model.safetensors"), Float.BYTES * model.shape().parameters(), tensors::write);
        writeJson(folder.resolve("generation_config.json"), generation());
        writeJson(folder.resolve("tokenizer.json"), TokenizerFile.tokenizer(vocabulary));
        writeJson(folder.resolve("tokenizer_config.json"), TokenizerFile.configuration(positions));
        writeJson(folder.resolve("config.json"), config(model.shape(), positions));
    }

    private static long[] shape(Map<String, long[]> shapes, String name) {
        long[] shape = shapes.get(name);
        if (shape == null) {
            throw new IllegalStateException("no shape for tensor " + name);
        }
        return shape;
    }

    private static ObjectNode config(LlamaShape shape, int positions) {
        ObjectNode config = JSON.createObjectNode();
        config.putArray("architectures").add("LlamaForCausalLM");
        config.put("attention_bias", false);
        config.put("attention_dropout", 0.0);
        config.put("bos_token_id", Vocabulary.BEGIN);
        config.put("eos_token_id", Vocabulary.END);
        config.put("head_dim", shape.headWidth());
        config.put("hidden_act", "silu");
        config.put("hidden_size", shape.width());
        config.put("initializer_range", 0.02);
        config.put("intermediate_size", shape.hidden());
        config.put("max_position_embeddings", positions);
        config.put("mlp_bias", false);
        config.put("model_type", "llama");
        config.put("num_attention_heads", shape.heads());
        config.put("num_hidden_layers", shape.layers());
        config.put("num_key_value_heads", shape.heads());
        config.put("pad_token_id", Vocabulary.PADDING);
        config.put("pretraining_tp", 1);
        config.put("rms_norm_eps", Double.parseDouble(Float.toString(shape.epsilon())));
        config.putNull("rope_scaling");
        config.put("rope_theta", (double) shape.ropeTheta());
        config.put("tie_word_embeddings", false);
        config.put("torch_dtype", "float32");
        config.put("use_cache", true);
        config.put("vocab_size", shape.vocabulary());
        return config;
    }

    private static ObjectNode generation() {
        ObjectNode generation = JSON.createObjectNode();
        generation.put("bos_token_id", Vocabulary.BEGIN);
        generation.put("eos_token_id", Vocabulary.END);
        generation.put("pad_token_id", Vocabulary.PADDING);
        generation.put("do_sample", false);
        generation.put("max_new_tokens", 16);
        return generation;
    }

    private static void writeJson(Path file, JsonNode json) throws IOException {
        byte[] text = (JSON.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
        DurableFile.replace(file, text.length, temporary -> Files.write(temporary, text));
    }
}
