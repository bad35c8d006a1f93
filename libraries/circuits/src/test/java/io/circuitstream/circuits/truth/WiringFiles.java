package io.circuitstream.circuits.truth;

import io.circuitstream.circuits.files.SafetensorsWriter;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import io.circuitstream.circuits.transcoder.TranscoderWriter;
import io.circuitstream.circuits.transcoder.TranscoderWriter.LayerWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Writes a wiring as a GPT-2 folder, and transcoders for it. Norms are harmless: ε is far above every variance and the gain
 * its root, so that a norm yields its input to four digits. Two neurons compute each feature, and what they write is split at
 * random, so that no neuron is a feature.
 */
final class WiringFiles {
    private static final double EPSILON = 1e4;
    private static final int HEADS = 2;
    private static final int POSITIONS = 16;

    private final Wiring wiring;
    private final Basis basis;
    private final int headWidth;
    private final Random random;

    WiringFiles(Wiring wiring, long seed) {
        this.wiring = wiring;
        this.random = new Random(seed);
        int variables = wiring.variables().size();
        int needed = 1 + variables / HEADS;
        for (int l = 0; l < Wiring.LAYERS; l++) {
            if (wiring.heads(l).size() > HEADS) {
                throw new IllegalArgumentException("layer " + l + " has more than " + HEADS + " heads");
            }
            for (Head head : wiring.heads(l)) {
                needed = Math.max(needed, head.width());
            }
        }
        this.headWidth = needed;
        this.basis = new Basis(wiring.variables(), HEADS * headWidth, random);
    }

    void model(Path folder) throws IOException {
        Files.createDirectories(folder);
        int hidden = hidden();
        Files.writeString(folder.resolve("config.json"), """
                {"model_type": "gpt2", "n_layer": %d, "n_embd": %d, "n_head": %d, "n_inner": %d, "vocab_size": %d,
                 "n_positions": %d, "layer_norm_epsilon": %s, "activation_function": "relu",
                 "tie_word_embeddings": false, "bos_token_id": %d}
                """.formatted(
                        Wiring.LAYERS,
                        basis.width(),
                        HEADS,
                        hidden,
                        wiring.tokens().size(),
                        POSITIONS,
                        EPSILON,
                        wiring.id(Wiring.BOS)));
        String vocabulary = wiring.tokens().keySet().stream()
                .map(word -> "\"" + word + "\": " + wiring.id(word))
                .collect(Collectors.joining(", "));
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"version": "1.0", "truncation": null, "padding": null, "normalizer": null,
                 "added_tokens": [{"id": %d, "content": "<bos>", "single_word": false, "lstrip": false,
                                   "rstrip": false, "normalized": false, "special": true}],
                 "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
                 "model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {%s}}}
                """.formatted(wiring.id(Wiring.BOS), vocabulary));
        weights(hidden).write(folder.resolve("model.safetensors"));
    }

    private int hidden() {
        int most = 0;
        for (int l = 0; l < Wiring.LAYERS; l++) {
            most = Math.max(most, 2 * wiring.features(l).size());
        }
        return most;
    }

    private SafetensorsWriter weights(int hidden) {
        int d = basis.width();
        SafetensorsWriter writer = new SafetensorsWriter();
        Matrix embedding = new Matrix(wiring.tokens().size(), d);
        wiring.tokens().forEach((word, variables) -> embedding.addRow(wiring.id(word), 1, basis.vector(variables)));
        Matrix positions = new Matrix(POSITIONS, d);
        wiring.positions().forEach((p, variables) -> positions.addRow(p, 1, basis.vector(variables)));
        Matrix unembedding = new Matrix(wiring.tokens().size(), d);
        wiring.says()
                .forEach(s -> unembedding.addRow(wiring.id(s.word()), s.scale(), basis.vector(List.of(s.variable()))));
        embedding.to(writer, "wte.weight");
        positions.to(writer, "wpe.weight");
        unembedding.to(writer, "lm_head.weight");
        norm(writer, "ln_f");
        for (int l = 0; l < Wiring.LAYERS; l++) {
            String layer = "h." + l + ".";
            norm(writer, layer + "ln_1");
            norm(writer, layer + "ln_2");
            attention(writer, layer + "attn.", wiring.heads(l));
            mlp(writer, layer + "mlp.", wiring.features(l), hidden);
        }
        return writer;
    }

    private void norm(SafetensorsWriter writer, String name) {
        float[] gain = new float[basis.width()];
        Arrays.fill(gain, (float) Math.sqrt(EPSILON));
        writer.tensor(name + ".weight", gain, gain.length).tensor(name + ".bias", new float[gain.length], gain.length);
    }

    /** Conv1D: [in, out], first all queries, then all keys, then all values. */
    private void attention(SafetensorsWriter writer, String name, List<Head> heads) {
        int d = basis.width();
        Matrix joined = new Matrix(d, 3 * d);
        float[] bias = new float[3 * d];
        Matrix output = new Matrix(d, d);
        for (int h = 0; h < heads.size(); h++) {
            List<Head.Match> matches = heads.get(h).matches();
            for (int i = 0; i < matches.size(); i++) {
                Head.Match match = matches.get(i);
                int dimension = h * headWidth + i;
                double score = match.score() * Math.sqrt(headWidth);
                if (match.query().isEmpty()) {
                    bias[dimension] = (float) score;
                } else {
                    joined.addColumn(dimension, score, basis.vector(List.of(match.query())));
                }
                joined.addColumn(d + dimension, 1, basis.vector(List.of(match.key())));
            }
            List<Head.Move> moves = heads.get(h).moves();
            for (int i = 0; i < moves.size(); i++) {
                int dimension = h * headWidth + i;
                joined.addColumn(
                        2 * d + dimension, 1, basis.vector(List.of(moves.get(i).from())));
                output.addRow(dimension, 1, basis.vector(List.of(moves.get(i).to())));
            }
        }
        joined.to(writer, name + "c_attn.weight");
        writer.tensor(name + "c_attn.bias", bias, bias.length);
        output.to(writer, name + "c_proj.weight");
        writer.tensor(name + "c_proj.bias", new float[d], d);
    }

    private void mlp(SafetensorsWriter writer, String name, List<Feature> features, int hidden) {
        int d = basis.width();
        Matrix up = new Matrix(d, hidden);
        float[] bias = new float[hidden];
        Matrix down = new Matrix(hidden, d);
        for (int f = 0; f < features.size(); f++) {
            Feature feature = features.get(f);
            double[] part = random.doubles(d, -1, 1).toArray();
            for (int neuron = 2 * f; neuron < 2 * f + 2; neuron++) {
                up.addColumn(neuron, 1, basis.vector(feature.reads()));
                bias[neuron] = (float) feature.bias();
                down.addRow(neuron, neuron % 2 == 0 ? 1 : -1, part);
            }
            down.addRow(2 * f, 1, basis.vector(feature.writes()));
        }
        up.to(writer, name + "c_fc.weight");
        writer.tensor(name + "c_fc.bias", bias, hidden);
        down.to(writer, name + "c_proj.weight");
        writer.tensor(name + "c_proj.bias", new float[d], d);
    }

    /**
     * Writes a transcoder with the features that pass, in random order. In a CLT relays are no features: whose they relay
     * writes to the next layer.
     *
     * @return the features of each layer as they are numbered
     */
    List<List<Feature>> transcoder(Path folder, Kind kind, Predicate<Feature> which) throws IOException {
        int d = basis.width();
        List<List<Feature>> numbered = new ArrayList<>();
        List<LayerWeights> weights = new ArrayList<>();
        for (int l = 0; l < Wiring.LAYERS; l++) {
            List<Feature> order = new ArrayList<>(wiring.features(l));
            order.removeIf(which.negate());
            order.removeIf(feature -> kind == Kind.CROSS_LAYER && Feature.isRelay(feature.name()));
            Collections.shuffle(order, random);
            numbered.add(order);
            int span = kind == Kind.CROSS_LAYER ? Wiring.LAYERS - l : 1;
            Matrix encoder = new Matrix(order.size(), d);
            float[] bias = new float[order.size()];
            Matrix decoder = new Matrix(order.size() * span, d);
            for (int f = 0; f < order.size(); f++) {
                encoder.addRow(f, 1, basis.vector(order.get(f).reads()));
                bias[f] = (float) order.get(f).bias();
                decoder.addRow(f * span, 1, basis.vector(order.get(f).writes()));
                for (Feature relay : span == 1 ? List.<Feature>of() : wiring.features(l + 1)) {
                    if (relay.relays(order.get(f))) {
                        decoder.addRow(f * span + 1, 1, basis.vector(relay.writes()));
                    }
                }
            }
            weights.add(new LayerWeights(encoder.values(), bias, null, decoder.values(), new float[d]));
        }
        TranscoderWriter.write(folder, kind, InputSite.MLP_IN, "truth", "truth", weights);
        return numbered;
    }
}
