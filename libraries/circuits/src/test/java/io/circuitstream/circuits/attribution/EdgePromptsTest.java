package io.circuitstream.circuits.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.TinyTest;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.circuits.pruning.Pruner;
import io.circuitstream.circuits.pruning.PruningOptions;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import io.circuitstream.circuits.transcoder.TranscoderWriter;
import io.circuitstream.circuits.transcoder.TranscoderWriter.LayerWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompts at the edges: one token, the longest, none active, no BOS, more targets than one batch. */
class EdgePromptsTest extends TinyTest {
    private static final int[] LONGEST =
            IntStream.range(0, 64).map(i -> i == 0 ? 1 : 2 + i * 7 % 38).toArray();

    @TempDir
    Path folder;

    private static void assertConserved(AttributionGraph graph) {
        assertThat(graph.conservationError()).isLessThan(1e-5);
        SparseRows rows = graph.rows();
        for (int r = 0; r < rows.count(); r++) {
            double sum = rows.bias()[r];
            for (int e = rows.begin(r); e < rows.end(r); e++) {
                sum += rows.val()[e];
            }
            assertThat(sum)
                    .as("row %d", r)
                    .isCloseTo(rows.value()[r], within(1e-5 * (Math.abs(rows.bias()[r]) + rows.absSum()[r])));
        }
    }

    @Test
    void shouldExplainLogitsByBosAndBiasAloneWhenThePromptIsBos() {
        AttributionGraph graph = graph(EXACT, 1);
        Nodes nodes = graph.nodes();
        assertConserved(graph);
        assertThat(nodes.featureCount()).isZero();
        assertThat(nodes.masked()).isEqualTo(1);
        assertThat(nodes.errorNorm()).containsOnly(0);
        assertThat(graph.rows().count()).isEqualTo(nodes.targets().size());
        assertThat(graph.rows().col()).containsOnly(nodes.firstToken());
        PrunedGraph circuit = Pruner.prune(graph, PruningOptions.DEFAULT);
        assertThat(circuit.nodes()).hasSize(1 + nodes.targets().size());
        assertThat(circuit.foldedScores().replacement()).isCloseTo(1, within(1e-6));
    }

    @Test
    void shouldHaveFeaturesAndErrorsAtTheFirstPositionWhenThereIsNoBos() {
        AttributionGraph graph = graph(EXACT, 7);
        assertConserved(graph);
        assertThat(graph.nodes().masked()).isZero();
        assertThat(graph.nodes().featureCount()).isPositive();
        assertThat(graph.nodes().errorNorm()).doesNotContain(0);
        AttributionGraph longer = graph(EXACT, 7, 5, 1, 9);
        assertConserved(longer);
        assertThat(longer.nodes().masked()).isZero();
        assertThat(longer.nodes().features().position()).contains(0, 1, 2, 3);
    }

    @Test
    void shouldConserveEveryRowWhenThePromptIsTheLongest() {
        AttributionGraph graph = graph(EXACT, LONGEST);
        assertThat(graph.nodes().positions()).isEqualTo(model.config().maxPositions());
        assertConserved(graph);
    }

    @Test
    void shouldReportEveryRowOnceWhenProgressIsWatched() {
        List<Integer> seen = new ArrayList<>();
        List<Integer> totals = new ArrayList<>();
        AttributionGraph graph;
        try (LocalReplacementModel local = LocalReplacementModel.build(model, transcoder, LONGEST)) {
            graph = Attributor.attribute(local, EXACT, done -> {
                seen.add(done.rows());
                totals.add(done.most());
            });
        }
        assertThat(totals).containsOnly(graph.rows().count());
        assertThat(seen).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(8);
        assertThat(Collections.max(seen)).isEqualTo(graph.rows().count());
    }

    /** The same target computed in a batch of 128 and among the last few of a layer. */
    @Test
    void shouldGiveTheSameRowsWhenBatchesEndElsewhere() {
        AttributionGraph all = graph(EXACT, LONGEST);
        int[] start = all.nodes().features().layerStart();
        assertThat(start[2] - start[1]).isGreaterThan(256);
        int length = 20;
        AttributionGraph first = graph(EXACT, java.util.Arrays.copyOf(LONGEST, length));
        for (int i = 0; i < first.nodes().featureCount(); i++) {
            int other = find(all.nodes(), first.nodes(), i);
            int row = first.rows().rowOf(i);
            assertThat(all.rows().absSum()[all.rows().rowOf(other)])
                    .as(first.nodes().id(i))
                    .isCloseTo(
                            first.rows().absSum()[row],
                            within(1e-4f * (1 + first.rows().absSum()[row])));
            for (int s = 0; s < first.nodes().featureCount(); s += 7) {
                assertThat(all.rows().get(other, find(all.nodes(), first.nodes(), s)))
                        .isCloseTo(first.rows().get(i, s), within(1e-4f));
            }
        }
    }

    private static int find(Nodes all, Nodes first, int i) {
        for (int j = all.features().layerStart()[first.layer(i)]; j < all.featureCount(); j++) {
            if (all.layer(j) == first.layer(i)
                    && all.position(j) == first.position(i)
                    && all.feature(j) == first.feature(i)) {
                return j;
            }
        }
        throw new AssertionError("not active in the longer prompt: " + first.id(i));
    }

    @Test
    void shouldGiveTheRowsOfTheRightTokensWhenTargetsAreExplicit() {
        AttributionGraph all = graph(AttributionOptions.ofTokens(40, 1, new int[0], 0), PROMPT);
        AttributionGraph some = graph(AttributionOptions.ofTokens(1, .95, new int[] {33, 4}, 0), PROMPT);
        assertThat(some.nodes().targets()).hasSize(2);
        for (int k = 0; k < 2; k++) {
            int token = some.nodes().targets().get(k).tokenId();
            int other = IntStream.range(0, 40)
                    .filter(i -> all.nodes().targets().get(i).tokenId() == token)
                    .findFirst()
                    .orElseThrow();
            for (int s = 0; s < some.nodes().firstLogit(); s++) {
                assertThat(some.rows().get(some.nodes().firstLogit() + k, s))
                        .isCloseTo(all.rows().get(all.nodes().firstLogit() + other, s), within(1e-5f));
            }
        }
    }

    @Test
    void shouldLeaveEverythingToErrorsWhenNoFeatureIsActive() throws IOException {
        int d = TinyModels.WIDTH;
        List<LayerWeights> silent = new ArrayList<>();
        Random random = new Random(4);
        for (int l = 0; l < TinyModels.LAYERS; l++) {
            float[] bias = new float[d];
            for (int j = 0; j < d; j++) {
                bias[j] = random.nextFloat();
            }
            silent.add(new LayerWeights(new float[2 * d], new float[] {-1, -1}, null, new float[2 * d], bias));
        }
        TranscoderWriter.write(folder.resolve("silent"), Kind.PER_LAYER, InputSite.MLP_IN, "tiny", "tiny-tc", silent);
        try (Transcoder none = TranscoderFiles.load(folder.resolve("silent"));
                LocalReplacementModel local = LocalReplacementModel.build(model, none, PROMPT)) {
            AttributionGraph graph = Attributor.attribute(local, EXACT, RowProgress.NONE);
            assertThat(graph.nodes().featureCount()).isZero();
            assertConserved(graph);
            double[] influence = Influence.of(graph);
            assertThat(Influence.completenessScore(graph, influence)).isLessThan(1);
            PrunedGraph circuit = Pruner.prune(graph, PruningOptions.DEFAULT);
            assertThat(circuit.edgeCount()).isPositive();
        }
    }
}
