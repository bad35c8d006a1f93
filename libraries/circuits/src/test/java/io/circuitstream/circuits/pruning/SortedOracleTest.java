package io.circuitstream.circuits.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.SyntheticGraph;
import io.circuitstream.circuits.graph.AttributionGraph;
import java.util.BitSet;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

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

    /** Kept edges in many words of the bits, rows without any, and cuts among up to a hundred thousand scores. */
    @Test
    void shouldBeTheSortedCircuitWhenGraphsAreLarge() {
        AttributionGraph graph = SyntheticGraph.of(5, 1500, 12, 100_000);
        for (double nodeThreshold : new double[] {.3, .8, 1}) {
            for (double edgeThreshold : new double[] {.2, .5, .98, .99999, 1}) {
                assertSame(graph, new PruningOptions(nodeThreshold, edgeThreshold));
            }
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
