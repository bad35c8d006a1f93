package io.circuitstream.circuits.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.GoldenGraph;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import org.junit.jupiter.api.Test;

/** circuits.md §4; the numbers are exact rationals. */
class GoldenVectorTest {
    private final AttributionGraph graph = GoldenGraph.graph();

    @Test
    void shouldGiveTheGoldenInfluenceWhenTheGraphIsWalkedOnce() {
        double[] expected = {1 / 12., 1 / 3., 0, 1 / 4., 0, 0, 1 / 3., 0, 1 / 4., 1 / 4., 1 / 6., 0};
        assertThat(Influence.of(graph)).containsExactly(expected, within(1e-15));
    }

    @Test
    void shouldKeepTiesWhenTheThresholdFallsOnThem() {
        assertThat(Thresholds.cut(Influence.of(graph), 0.8)).isCloseTo(1 / 4., within(1e-15));
    }

    @Test
    void shouldKeepTheGoldenNodesAndEdgesWhenPruned() {
        PrunedGraph circuit = Pruner.prune(graph, PruningOptions.DEFAULT);
        assertThat(circuit.nodes()).containsExactly(1, 3, 6, 8, 9, 10, 11);
        assertThat(circuit.edgeCount()).isEqualTo(8);
    }

    @Test
    void shouldGiveTheGoldenScoresWhenUnpruned() {
        double[] influence = Influence.of(graph);
        assertThat(Influence.replacementScore(graph.nodes(), influence)).isCloseTo(5 / 12., within(1e-15));
        assertThat(Influence.completenessScore(graph, influence)).isCloseTo(25 / 32., within(1e-15));
    }

    /** 11←3←{0←9, 1←{9, 10}} and 11←1←{9, 10}: masses 1/12, 1/24, 1/24 of length 3 and 1/8, 1/8 of length 2. */
    @Test
    void shouldAverageTheGoldenPathsWhenLengthsAreWeighted() {
        assertThat(Influence.pathLength(graph)).isCloseTo(12 / 5., within(1e-15));
    }

    @Test
    void shouldFoldWhatWasRemovedIntoErrorsWhenTheCircuitIsScored() {
        // Removed: feature 0, so a third of node 3's input counts as error: Σ(token) = 1/3 and Σ(error) = 1/4 + 1/4 +
        // 1/12 + 1/12.
        PrunedGraph.Scores scores = Pruner.prune(graph, PruningOptions.DEFAULT).foldedScores();
        assertThat(scores.replacement()).isCloseTo(1 / 3., within(1e-15));
        // All: 1 + 1/3 + 1/4 + tokens 1/3 + errors 2/3; from errors: 2/3.
        assertThat(scores.completeness()).isCloseTo((31 / 12. - 2 / 3.) / (31 / 12.), within(1e-15));
    }

    @Test
    void shouldScoreTheSameFoldedOrNotWhenNothingIsRemoved() {
        PrunedGraph circuit = Pruner.prune(graph, new PruningOptions(1, 1));
        double[] influence = Influence.of(graph);
        assertThat(circuit.foldedScores().replacement())
                .isCloseTo(Influence.replacementScore(graph.nodes(), influence), within(1e-15));
        assertThat(circuit.foldedScores().completeness())
                .isCloseTo(Influence.completenessScore(graph, influence), within(1e-15));
    }

    @Test
    void shouldGiveLowScoresToImportantNodesWhenSharesAreCumulative() {
        double[] score = Pruner.prune(graph, PruningOptions.DEFAULT).score();
        assertThat(score[1]).isCloseTo(1 / 5., within(1e-15));
        assertThat(score[6]).isCloseTo(2 / 5., within(1e-15));
        assertThat(new double[] {score[3], score[8], score[9]})
                .containsExactly(new double[] {.55, .70, .85}, within(1e-12));
        assertThat(score[10]).isCloseTo(.95, within(1e-12));
    }
}
