package io.circuitstream.circuits;

import io.circuitstream.circuits.files.SafetensorsWriter;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import io.circuitstream.circuits.transcoder.TranscoderWriter;
import io.circuitstream.circuits.transcoder.TranscoderWriter.LayerWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Random-weight models and transcoders, written as the files that the loaders read. */
public final class TinyModels {
    public static final int LAYERS = 4;
    public static final int WIDTH = 24;
    public static final int VOCABULARY = 40;
    public static final int FEATURES = 30;
    private static final int HEADS = 4;
    private static final int KV_HEADS = 2;
    private static final int HIDDEN = 32;

    private TinyModels() {}

    /** A Llama with grouped queries. */
    public static Path llama(Path folder, long seed) throws IOException {
        Files.createDirectories(folder);
        Random random = new Random(seed);
        Files.writeString(
                folder.resolve("config.json"), """
                {"model_type": "llama", "num_hidden_layers": %d, "hidden_size": %d, "num_attention_heads": %d,
                 "num_key_value_heads": %d, "intermediate_size": %d, "vocab_size": %d, "max_position_embeddings": 64,
                 "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "tie_word_embeddings": false, "bos_token_id": 1}
                """.formatted(LAYERS, WIDTH, HEADS, KV_HEADS, HIDDEN, VOCABULARY));
        String words = IntStream.range(2, VOCABULARY)
                .mapToObj(i -> "\"w" + i + "\": " + i)
                .collect(Collectors.joining(", "));
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"version": "1.0", "truncation": null, "padding": null, "normalizer": null,
                 "added_tokens": [{"id": 1, "content": "<bos>", "single_word": false, "lstrip": false,
                                   "rstrip": false, "normalized": false, "special": true}],
                 "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
                 "model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {"<unk>": 0, "<bos>": 1, %s}}}
                """.formatted(words));
        SafetensorsWriter writer = new SafetensorsWriter()
                .tensor("model.embed_tokens.weight", gauss(random, VOCABULARY * WIDTH, 1), VOCABULARY, WIDTH)
                .tensor("lm_head.weight", gauss(random, VOCABULARY * WIDTH, .5), VOCABULARY, WIDTH)
                .tensor("model.norm.weight", gain(random), WIDTH);
        int kv = WIDTH * KV_HEADS / HEADS;
        for (int l = 0; l < LAYERS; l++) {
            String p = "model.layers." + l + ".";
            matrix(writer, random, p + "self_attn.q_proj.weight", WIDTH, WIDTH);
            matrix(writer, random, p + "self_attn.k_proj.weight", kv, WIDTH);
            matrix(writer, random, p + "self_attn.v_proj.weight", kv, WIDTH);
            matrix(writer, random, p + "self_attn.o_proj.weight", WIDTH, WIDTH);
            matrix(writer, random, p + "mlp.gate_proj.weight", HIDDEN, WIDTH);
            matrix(writer, random, p + "mlp.up_proj.weight", HIDDEN, WIDTH);
            matrix(writer, random, p + "mlp.down_proj.weight", WIDTH, HIDDEN);
            writer.tensor(p + "input_layernorm.weight", gain(random), WIDTH);
            writer.tensor(p + "post_attention_layernorm.weight", gain(random), WIDTH);
        }
        writer.write(folder.resolve("model.safetensors"));
        return folder;
    }

    /** A random transcoder of which roughly a third of the features are active. */
    public static Path transcoder(Path folder, Kind kind, InputSite site, boolean jump, long seed) throws IOException {
        return transcoder(folder, kind, site, jump, seed, LAYERS, WIDTH);
    }

    public static Path transcoder(
            Path folder, Kind kind, InputSite site, boolean jump, long seed, int layers, int width) throws IOException {
        return transcoder(folder, kind, site, jump, false, 0, seed, layers, width);
    }

    /** With a skip, and with TopK for a k above 0. */
    static Path transcoder(
            Path folder, Kind kind, InputSite site, boolean jump, boolean skip, int k, long seed, int layers, int width)
            throws IOException {
        Random random = new Random(seed);
        List<LayerWeights> weights = new ArrayList<>();
        for (int l = 0; l < layers; l++) {
            int span = kind == Kind.CROSS_LAYER ? layers - l : 1;
            float[] threshold = new float[FEATURES];
            for (int f = 0; f < FEATURES; f++) {
                threshold[f] = .2f + random.nextFloat();
            }
            weights.add(new LayerWeights(
                    gauss(random, FEATURES * width, 1 / Math.sqrt(width)),
                    gauss(random, FEATURES, .3),
                    jump ? threshold : null,
                    gauss(random, FEATURES * span * width, .1),
                    gauss(random, width, .2),
                    skip ? gauss(random, width * width, .5 / Math.sqrt(width)) : null));
        }
        if (k > 0) {
            TranscoderWriter.writeTopK(folder, kind, site, "tiny", "tiny-tc", k, weights);
        } else {
            TranscoderWriter.write(folder, kind, site, "tiny", "tiny-tc", weights);
        }
        return folder;
    }

    private static void matrix(SafetensorsWriter writer, Random random, String name, int out, int in) {
        writer.tensor(name, gauss(random, out * in, 1 / Math.sqrt(in)), out, in);
    }

    private static float[] gain(Random random) {
        float[] gain = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            gain[i] = .5f + random.nextFloat();
        }
        return gain;
    }

    private static float[] gauss(Random random, int n, double scale) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return values;
    }
}
