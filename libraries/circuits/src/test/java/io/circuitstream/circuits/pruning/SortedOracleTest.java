package io.circuitstream.circuits.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.SyntheticGraph;
import io.circuitstream.circuits.graph.AttributionGraph;
import java.util.BitSet;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Circuits against {@link SortedPruner}: bit for bit but for the cuts, whose sums are rounded in another order. */
class SortedOracleTest {

    @Test
    void shouldBeTheSortedCircuitWhenGraphsAreSmall() {
        Random random = new Random(78);
        int lost = 0;
        for (int seed = 0; seed < 4000; seed++) {
            lost += assertSame(
                    (seed % 2 == 0 ? RandomGraph.draw(seed) : RandomGraph.bounded(seed)).graph(),
                    new PruningOptions(.05 + .949 * random.nextDouble(), .05 + .949 * random.nextDouble()));
        }
        assertThat(lost).isGreaterThan(1000);
    }

    @Test
    void shouldKeepAllThatScoresWhenTheThresholdsAreOne() {
        for (int seed = 0; seed < 200; seed++) {
            assertSame(RandomGraph.bounded(seed).graph(), new PruningOptions(1, 1));
        }
    }

    /** Enough entries for cuts that are found in the buckets' buckets. */
    @ParameterizedTest
    @ValueSource(doubles = {.3, .8, .999})
    void shouldBeTheSortedCircuitWhenGraphsAreLarge(double nodeThreshold) {
        AttributionGraph graph = SyntheticGraph.of(5, 2500, 12, 600_000);
        for (double edgeThreshold : new double[] {.2, .5, .98, .99999}) {
            assertSame(graph, new PruningOptions(nodeThreshold, edgeThreshold));
        }
    }

    /** How many nodes dangled. */
    private static int assertSame(AttributionGraph graph, PruningOptions options) {
        PrunedGraph circuit = Pruner.prune(graph, options);
        SortedPruner oracle = new SortedPruner(graph, options);
        assertThat(circuit.influence()).isEqualTo(oracle.influence);
        assertThat(circuit.score()).isEqualTo(SortedPruner.cumulativeShares(oracle.influence));
        assertThat(circuit.nodeKept()).isEqualTo(oracle.nodeKept);
        BitSet edges = new BitSet();
        IntStream.range(0, oracle.edgeKept.length)
                .filter(e -> oracle.edgeKept[e])
                .forEach(edges::set);
        assertThat(circuit.edgeKept()).isEqualTo(edges);
        // Of shares that are added up in another order.
        assertThat(circuit.foldedScores().replacement())
                .isCloseTo(oracle.foldedScores().replacement(), within(1e-12));
        assertThat(circuit.foldedScores().completeness())
                .isCloseTo(oracle.foldedScores().completeness(), within(1e-12));
        return oracle.lost;
    }
}
