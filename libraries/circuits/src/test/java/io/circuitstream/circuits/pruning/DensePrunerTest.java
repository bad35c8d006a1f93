package io.circuitstream.circuits.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.GoldenGraph;
import io.circuitstream.circuits.SyntheticGraph;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The sparse circuit is the dense one, on graphs without ties: float32 breaks those that it cannot represent. */
class DensePrunerTest {

    @Test
    void shouldBeTheDenseCircuitWhenGraphsAreSynthetic() {
        Random random = new Random(15);
        int edges = 0;
        for (int seed = 0; seed < 60; seed++) {
            AttributionGraph graph = SyntheticGraph.undropped(
                    SyntheticGraph.of(seed, 100 + random.nextInt(300), 1 + random.nextInt(5), 3000));
            edges += assertSame(
                    graph, new PruningOptions(.6 + .39 * random.nextDouble(), .6 + .39 * random.nextDouble()));
        }
        assertThat(edges).isGreaterThan(2000);
    }

    @Test
    void shouldBeTheDenseCircuitWhenTheVectorIsGolden() {
        assertThat(assertSame(GoldenGraph.graph(), PruningOptions.DEFAULT)).isEqualTo(8);
    }

    /** How many edges both keep. */
    private static int assertSame(AttributionGraph graph, PruningOptions options) {
        int n = graph.nodes().count();
        DensePruner dense = new DensePruner(graph);
        double[] influence = Influence.of(graph);
        float[] expected = dense.influence(dense.normalised());
        for (int i = 0; i < n; i++) {
            // Sums of thousands of float32 shares.
            assertThat(influence[i]).isCloseTo(expected[i], within(1e-5));
        }
        PrunedGraph circuit = Pruner.prune(graph, options);
        DensePruner.Kept kept = dense.prune(options);
        assertThat(circuit.nodeKept()).isEqualTo(kept.nodes());
        PrunedGraph.Edges edges = circuit.edges();
        boolean[] mask = new boolean[n * n];
        for (int i = 0; i < circuit.edgeCount(); i++) {
            mask[edges.target()[i] * n + edges.source()[i]] = true;
        }
        assertThat(mask).isEqualTo(kept.edges());
        return circuit.edgeCount();
    }
}
