package io.circuitstream.standalone.bench;

import io.circuitstream.circuits.files.SafetensorsWriter;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A model of the size of GPT-2 small (124 million weights) with random weights, and a random cross-layer transcoder of 12 ×
 * 8,192 features of which about 40 are active at each token and layer: 2.8 GB of files. For measurements of speed and memory, which random
 * weights do not change.
 */
public final class ScaleModel {
    public static final int LAYERS = 12;
    public static final int WIDTH = 768;
    public static final int FEATURES = 8192;
    private static final int HEADS = 12;
    private static final int POSITIONS = 1024;
    private static final int VOCABULARY = 50_257;
    /** A standard normal is above it with probability 40 / 8,192. */
    private static final float THRESHOLD = 2.583f;

    private ScaleModel() {}

    /**
     * Writes both, {@code model} and {@code clt}, unless they are there already: the same files every time.
     *
     * @throws IOException if the disk has no room for 2.8 GB
     */
    public static void writeInto(Path folder) throws IOException {
        Path model = folder.resolve("model");
        if (!Files.exists(model.resolve("config.json"))) {
            model(model);
        }
        Path transcoder = folder.resolve("clt");
        if (!Files.exists(transcoder.resolve("config.yaml"))) {
            transcoder(transcoder);
        }
    }

    /** Writes the model's folder; its configuration comes last, as the mark that it is complete. */
    private static void model(Path folder) throws IOException {
        Files.createDirectories(folder);
        String words = IntStream.range(0, VOCABULARY - 1)
                .mapToObj(i -> "\"w" + i + "\":" + i)
                .collect(Collectors.joining(","));
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"version":"1.0","truncation":null,"padding":null,"normalizer":null,"added_tokens":[{"id":%d,"content":"<|endoftext|>",
                "single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
                "pre_tokenizer":{"type":"WhitespaceSplit"},"post_processor":null,"decoder":null,
                "model":{"type":"WordLevel","unk_token":"w0","vocab":{%s,"<|endoftext|>":%d}}}
                """.formatted(VOCABULARY - 1, words, VOCABULARY - 1));
        SplittableRandom random = new SplittableRandom(1);
        SafetensorsWriter writer = new SafetensorsWriter()
                .tensor("wte.weight", gauss(random, VOCABULARY * WIDTH, .1), VOCABULARY, WIDTH)
                .tensor("wpe.weight", gauss(random, POSITIONS * WIDTH, .02), POSITIONS, WIDTH);
        norm(writer, "ln_f");
        for (int l = 0; l < LAYERS; l++) {
            String layer = "h." + l + ".";
            norm(writer, layer + "ln_1");
            norm(writer, layer + "ln_2");
            projection(writer, random, layer + "attn.c_attn", WIDTH, 3 * WIDTH);
            projection(writer, random, layer + "attn.c_proj", WIDTH, WIDTH);
            projection(writer, random, layer + "mlp.c_fc", WIDTH, 4 * WIDTH);
            projection(writer, random, layer + "mlp.c_proj", 4 * WIDTH, WIDTH);
        }
        writer.write(folder.resolve("model.safetensors"));
        Files.writeString(folder.resolve("config.json"), """
                {"model_type": "gpt2", "n_layer": %d, "n_embd": %d, "n_head": %d, "n_positions": %d, "vocab_size": %d,
                 "layer_norm_epsilon": 1e-5, "activation_function": "gelu_new", "bos_token_id": %d}
                """.formatted(
                        LAYERS, WIDTH, HEADS, POSITIONS, VOCABULARY, VOCABULARY - 1));
    }

    /** Writes the transcoder's folder, one layer after the other. */
    private static void transcoder(Path folder) throws IOException {
        Files.createDirectories(folder);
        float[] threshold = new float[FEATURES];
        Arrays.fill(threshold, THRESHOLD);
        for (int l = 0; l < LAYERS; l++) {
            SplittableRandom random = new SplittableRandom(100 + l);
            new SafetensorsWriter()
                    .tensor("W_enc_" + l, gauss(random, FEATURES * WIDTH, 1 / Math.sqrt(WIDTH)), FEATURES, WIDTH)
                    .tensor("b_enc_" + l, new float[FEATURES], FEATURES)
                    .tensor("b_dec_" + l, new float[WIDTH], WIDTH)
                    .tensor("threshold_" + l, threshold, FEATURES)
                    .write(folder.resolve("W_enc_" + l + ".safetensors"));
            int span = LAYERS - l;
            new SafetensorsWriter()
                    .tensor("W_dec_" + l, gauss(random, FEATURES * span * WIDTH, .005), FEATURES, span, WIDTH)
                    .write(folder.resolve("W_dec_" + l + ".safetensors"));
        }
        Files.writeString(
                folder.resolve("config.yaml"), """
                model_kind: %s
                model_name: scale
                feature_input_hook: %s
                feature_output_hook: hook_mlp_out
                scan: scale-clt
                """.formatted(Kind.CROSS_LAYER.modelKind(), InputSite.MLP_IN.hook()));
    }

    private static void norm(SafetensorsWriter writer, String name) {
        float[] gain = new float[WIDTH];
        Arrays.fill(gain, 1);
        writer.tensor(name + ".weight", gain, WIDTH).tensor(name + ".bias", new float[WIDTH], WIDTH);
    }

    private static void projection(SafetensorsWriter writer, SplittableRandom random, String name, int in, int out) {
        writer.tensor(name + ".weight", gauss(random, in * out, .7 / Math.sqrt(in)), in, out)
                .tensor(name + ".bias", new float[out], out);
    }

    /** Close to normal: the sum of four uniform numbers, which is fast for half a billion of them. */
    private static float[] gauss(SplittableRandom random, int n, double scale) {
        float[] values = new float[n];
        float unit = (float) (scale * Math.sqrt(3) / (1 << 15));
        for (int i = 0; i < n; i++) {
            long bits = random.nextLong();
            int sum = (int) ((bits & 0xffff) + (bits >>> 16 & 0xffff) + (bits >>> 32 & 0xffff) + (bits >>> 48));
            values[i] = (sum - 131_070) * unit / 2;
        }
        return values;
    }
}
