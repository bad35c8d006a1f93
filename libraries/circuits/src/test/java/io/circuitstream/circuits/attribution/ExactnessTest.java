package io.circuitstream.circuits.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.TinyFeatures;
import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.TinyTest;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.intervention.Change;
import io.circuitstream.circuits.intervention.Interventions;
import io.circuitstream.circuits.intervention.Mode;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** circuits.md §5: what every change of the engine must pass, on random weights. */
class ExactnessTest extends TinyTest {
    @TempDir
    Path folder;

    /** What a test gets: a model, a graph that keeps every entry, and interventions. */
    private interface Check {
        void on(LocalReplacementModel local, AttributionGraph graph, Interventions interventions);
    }

    private void check(TinyFeatures features, Check check) throws IOException {
        try (Transcoder used = features.open(folder, model);
                LocalReplacementModel local = LocalReplacementModel.build(model, used, PROMPT)) {
            AttributionGraph graph = Attributor.attribute(local, EXACT, RowProgress.NONE);
            check.on(local, graph, new Interventions(local));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldConserveEveryRowWhenBiasesAreCounted(TinyFeatures features) throws IOException {
        check(features, (local, graph, interventions) -> {
            assertThat(graph.nodes().featureCount()).isGreaterThan(100);
            SparseRows rows = graph.rows();
            for (int r = 0; r < rows.count(); r++) {
                double sum = rows.bias()[r];
                double size = Math.abs(rows.bias()[r]);
                for (int e = rows.begin(r); e < rows.end(r); e++) {
                    sum += rows.val()[e];
                    size += Math.abs(rows.val()[e]);
                }
                assertThat(sum).as("row %d", r).isCloseTo(rows.value()[r], within(1e-5 * size));
            }
            assertThat(graph.conservationError()).isLessThan(1e-5);
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldMoveEverythingByItsColumnWhenAFeatureIsDoubled(TinyFeatures features) throws IOException {
        check(features, (local, graph, interventions) -> new Random(5)
                .ints(0, graph.nodes().featureCount())
                .distinct()
                .limit(100)
                .forEach(f -> {
                    float doubled = 2 * local.features().activation()[f];
                    Change change = Change.feature(local, f, doubled, Change.Layers.ALL_WRITTEN);
                    assertMoves(graph, f, interventions.run(change, Mode.DIRECT));
                }));
    }

    @ParameterizedTest
    @EnumSource
    void shouldMoveEverythingByItsColumnWhenAnErrorOrTokenIsAddedOnceMore(TinyFeatures features) throws IOException {
        check(features, (local, graph, interventions) -> {
            Nodes nodes = graph.nodes();
            int d = TinyModels.WIDTH;
            for (int l = 0; l < nodes.layers(); l++) {
                for (int p = nodes.masked(); p < nodes.positions(); p++) {
                    float[][] at = new float[nodes.layers()][];
                    at[l] = new float[nodes.positions() * d];
                    System.arraycopy(local.error(l, p), 0, at[l], p * d, d);
                    assertMoves(graph, nodes.error(l, p), interventions.run(new Change(null, at), Mode.DIRECT));
                }
            }
            float[] embeddings = local.model().embedding().toFloatArray();
            for (int p = 0; p < nodes.positions(); p++) {
                float[] at = new float[nodes.positions() * d];
                System.arraycopy(embeddings, PROMPT[p] * d, at, p * d, d);
                assertMoves(graph, nodes.firstToken() + p, interventions.run(new Change(at, null), Mode.DIRECT));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeLinearWhenEverythingIsFrozen(TinyFeatures features) throws IOException {
        check(features, (local, graph, interventions) -> {
            float a = local.features().activation()[0];
            var once = interventions.run(Change.feature(local, 0, 2 * a, Change.Layers.ALL_WRITTEN), Mode.DIRECT);
            var fivefold = interventions.run(Change.feature(local, 0, 6 * a, Change.Layers.ALL_WRITTEN), Mode.DIRECT);
            for (int v = 0; v < TinyModels.VOCABULARY; v++) {
                assertThat(fivefold.demeanedLogits()[v]).isCloseTo(5 * once.demeanedLogits()[v], within(1e-4));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaveNoEdgeFromLaterPositionsOrLayersWhenTheModelIsCausal(TinyFeatures features) throws IOException {
        check(features, (local, graph, interventions) -> {
            Nodes nodes = graph.nodes();
            SparseRows rows = graph.rows();
            for (int r = 0; r < rows.count(); r++) {
                int target = rows.rowNode()[r];
                for (int e = rows.begin(r); e < rows.end(r); e++) {
                    int source = rows.col()[e];
                    assertThat(nodes.position(source)).isLessThanOrEqualTo(nodes.position(target));
                    assertThat(nodes.layer(source)).isLessThan(nodes.layer(target));
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldSumInfluencesToOnePerLogitWhenLeavesAreCounted(TinyFeatures features) throws IOException {
        check(features, (local, graph, interventions) -> {
            double[] influence = Influence.of(graph);
            double leaves = IntStream.range(
                            graph.nodes().firstError(), graph.nodes().firstLogit())
                    .mapToDouble(i -> influence[i])
                    .sum();
            double weights = graph.nodes().targets().stream()
                    .mapToDouble(t -> t.probability())
                    .sum();
            assertThat(leaves).isCloseTo(weights, within(1e-5));
        });
    }

    private static void assertMoves(AttributionGraph graph, int column, Interventions.Effect effect) {
        for (int f = 0; f < graph.nodes().featureCount(); f++) {
            assertThat(effect.preActivations()[f])
                    .as("feature %d from node %d", f, column)
                    .isCloseTo(graph.rows().get(f, column), within(5e-4));
        }
        for (int k = graph.nodes().firstLogit(); k < graph.nodes().count(); k++) {
            double expected = graph.rows().get(k, column);
            assertThat(effect.demeanedLogits()[graph.nodes().feature(k)])
                    .as("logit %d from node %d", k, column)
                    .isCloseTo(expected, within(1e-5 + 1e-3 * Math.abs(expected)));
        }
    }
}
