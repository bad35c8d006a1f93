package io.circuitstream.description;

import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import io.circuitstream.events.Columns;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.Status;
import io.circuitstream.events.TokenProbability;
import io.circuitstream.platform.serde.EventClasses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A tiny model and made-up inferences with its features: which are active depends on the tokens, as in a real one. */
public final class Inferences {
    static {
        EventClasses.trust();
    }

    private Inferences() {}

    public static TraceableModel model(Path folder) throws IOException {
        return TraceableModel.load(
                TinyModels.llama(folder.resolve("tiny"), 11),
                TinyModels.transcoder(folder.resolve("clt"), Kind.CROSS_LAYER, InputSite.RESID_MID, true, 12),
                1);
    }

    /** Prompts of 4 to 20 tokens; about one in five is a repetition of an earlier one. */
    public static List<InferenceCompleted> random(String scan, int count, long seed) {
        Random random = new Random(seed);
        List<InferenceCompleted> inferences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (i > 0 && random.nextInt(5) == 0) {
                inferences.add(inferences.get(random.nextInt(i)));
            } else {
                int[] tokens = new int[4 + random.nextInt(17)];
                tokens[0] = 1;
                for (int p = 1; p < tokens.length; p++) {
                    tokens[p] = 2 + random.nextInt(TinyModels.VOCABULARY - 2);
                }
                inferences.add(of(scan, tokens));
            }
        }
        return inferences;
    }

    /** Feature f is active at a token t with f mod 10 = t mod 10, the more the further on, and one in nine everywhere. */
    public static InferenceCompleted of(String scan, int... tokens) {
        int most = TinyModels.LAYERS * tokens.length * TinyModels.FEATURES;
        int[][] columns = new int[3][most];
        float[] activation = new float[most];
        int n = 0;
        for (int layer = 0; layer < TinyModels.LAYERS; layer++) {
            for (int position = 1; position < tokens.length; position++) {
                for (int feature = 0; feature < TinyModels.FEATURES; feature++) {
                    int mixed = (tokens[position] * 31 + layer) * 17 + feature;
                    if (feature % 10 == tokens[position] % 10 || mixed % 9 == 0) {
                        columns[0][n] = layer;
                        columns[1][n] = position;
                        columns[2][n] = feature;
                        activation[n++] = .25f + position * .125f + (mixed % 7) * .5f;
                    }
                }
            }
        }
        int[] next = {tokens[tokens.length - 1] % 7 + 2};
        return InferenceCompleted.newBuilder()
                .setPromptId(Arrays.toString(tokens))
                .setStatus(Status.OK)
                .setRequest(PromptSubmitted.newBuilder()
                        .setPromptId(Arrays.toString(tokens))
                        .build())
                .setProvenance(Provenance.newBuilder().setScan(scan).build())
                .setTokenIds(Arrays.stream(tokens).boxed().toList())
                .setTopLogits(List.of(new TokenProbability(next[0], "w" + next[0], 1f, .5f)))
                .setLayers(TinyModels.LAYERS)
                .setMaskedPositions(1)
                .setFeatureLayer(Columns.of(Arrays.copyOf(columns[0], n)))
                .setFeaturePosition(Columns.of(Arrays.copyOf(columns[1], n)))
                .setFeatureIndex(Columns.of(Arrays.copyOf(columns[2], n)))
                .setFeatureActivation(Columns.of(Arrays.copyOf(activation, n)))
                .build();
    }
}
