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
 * A GPT-2 with random weights and a random cross-layer transcoder, for measurements of speed and memory, which random weights do
 * not change.
 *
 * @param features of each layer
 * @param active of them at each token, about
 */
public record RandomModel(
        int layers, int width, int heads, int positions, int vocabulary, int features, double active) {

    /** As large as GPT-2 small: 124 million weights, 12 × 8,192 features, 2.8 GB of files. */
    public static final RandomModel SCALE = new RandomModel(12, 768, 12, 1024, 50_257, 8192, 40);

    /** Of the shape of the shipped model, for longer prompts. */
    static RandomModel small(int positions, double active) {
        return new RandomModel(6, 128, 4, positions, 1067, 1024, active);
    }

    /**
     * Writes both, {@code model} and {@code clt}, unless they are there already: the same files every time for the same record.
     *
     * @throws IOException if the disk has no room
     */
    public void writeInto(Path folder) throws IOException {
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
    private void model(Path folder) throws IOException {
        Files.createDirectories(folder);
        String words = IntStream.range(0, vocabulary - 1)
                .mapToObj(i -> "\"w" + i + "\":" + i)
                .collect(Collectors.joining(","));
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"version":"1.0","truncation":null,"padding":null,"normalizer":null,"added_tokens":[{"id":%d,"content":"<|endoftext|>",
                "single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
                "pre_tokenizer":{"type":"WhitespaceSplit"},"post_processor":null,"decoder":null,
                "model":{"type":"WordLevel","unk_token":"w0","vocab":{%s,"<|endoftext|>":%d}}}
                """.formatted(vocabulary - 1, words, vocabulary - 1));
        SplittableRandom random = new SplittableRandom(1);
        SafetensorsWriter writer = new SafetensorsWriter()
                .tensor("wte.weight", gauss(random, vocabulary * width, .1), vocabulary, width)
                .tensor("wpe.weight", gauss(random, positions * width, .02), positions, width);
        norm(writer, "ln_f");
        for (int l = 0; l < layers; l++) {
            String layer = "h." + l + ".";
            norm(writer, layer + "ln_1");
            norm(writer, layer + "ln_2");
            projection(writer, random, layer + "attn.c_attn", width, 3 * width);
            projection(writer, random, layer + "attn.c_proj", width, width);
            projection(writer, random, layer + "mlp.c_fc", width, 4 * width);
            projection(writer, random, layer + "mlp.c_proj", 4 * width, width);
        }
        writer.write(folder.resolve("model.safetensors"));
        Files.writeString(folder.resolve("config.json"), """
                {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "n_layer": %d, "n_embd": %d, "n_head": %d, "n_positions": %d, "vocab_size": %d,
                 "layer_norm_epsilon": 1e-5, "activation_function": "gelu_new", "bos_token_id": %d}
                """.formatted(
                        layers, width, heads, positions, vocabulary, vocabulary - 1));
    }

    /** Writes the transcoder's folder, one layer after the other. */
    private void transcoder(Path folder) throws IOException {
        Files.createDirectories(folder);
        float[] threshold = new float[features];
        Arrays.fill(threshold, (float) quantile(active / features));
        for (int l = 0; l < layers; l++) {
            SplittableRandom random = new SplittableRandom(100 + l);
            new SafetensorsWriter()
                    .tensor("W_enc_" + l, gauss(random, features * width, 1 / Math.sqrt(width)), features, width)
                    .tensor("b_enc_" + l, new float[features], features)
                    .tensor("b_dec_" + l, new float[width], width)
                    .tensor("threshold_" + l, threshold, features)
                    .write(folder.resolve("W_enc_" + l + ".safetensors"));
            int span = layers - l;
            new SafetensorsWriter()
                    .tensor("W_dec_" + l, gauss(random, features * span * width, .005), features, span, width)
                    .write(folder.resolve("W_dec_" + l + ".safetensors"));
        }
        Files.writeString(
                folder.resolve("config.yaml"), """
                model_kind: %s
                model_name: random
                feature_input_hook: %s
                feature_output_hook: hook_mlp_out
                scan: random-clt
                """.formatted(Kind.CROSS_LAYER.modelKind(), InputSite.MLP_IN.hook()));
    }

    private void norm(SafetensorsWriter writer, String name) {
        float[] gain = new float[width];
        Arrays.fill(gain, 1);
        writer.tensor(name + ".weight", gain, width).tensor(name + ".bias", new float[width], width);
    }

    private static void projection(SafetensorsWriter writer, SplittableRandom random, String name, int in, int out) {
        writer.tensor(name + ".weight", gauss(random, in * out, .7 / Math.sqrt(in)), in, out)
                .tensor(name + ".bias", new float[out], out);
    }

    /** What a standard normal is above with this probability, by summing the tail. */
    static double quantile(double probability) {
        double step = 1e-4;
        double tail = 0;
        double z = 8;
        while (tail < probability) {
            z -= step;
            tail += step * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
        }
        return z;
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
