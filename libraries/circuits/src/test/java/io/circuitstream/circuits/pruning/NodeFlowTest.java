package io.circuitstream.circuits.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.graph.AttributionGraph;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NodeFlowTest {
    private final Random random = new Random(80);

    private boolean[] drawn(AttributionGraph graph) {
        boolean[] explains = new boolean[graph.nodes().count()];
        for (int i = 0; i < explains.length; i++) {
            explains[i] = i >= graph.nodes().firstToken() || (i < graph.nodes().firstError() && random.nextBoolean());
        }
        return explains;
    }

    @Test
    void shouldBeTheFoldedCompletenessWhenEveryEdgeCounts() {
        for (int seed = 0; seed < 400; seed++) {
            AttributionGraph graph = RandomGraph.bounded(seed).graph();
            boolean[] explains = drawn(graph);
            assertThat(new NodeFlow(graph, explains).completeness())
                    .isCloseTo(Masked.completeness(graph, explains), within(1e-12));
        }
    }

    @Test
    void shouldNeverLoseWhenAFeatureIsAdded() {
        int gained = 0;
        for (int seed = 0; seed < 400; seed++) {
            AttributionGraph graph = RandomGraph.draw(seed).graph();
            boolean[] explains = drawn(graph);
            double before = new NodeFlow(graph, explains).completeness();
            for (int i = 0; i < graph.nodes().firstError(); i++) {
                boolean[] more = explains.clone();
                more[i] = true;
                double after = new NodeFlow(graph, more).completeness();
                assertThat(after).isGreaterThanOrEqualTo(before - 1e-12);
                gained += after > before + 1e-6 ? 1 : 0;
            }
        }
        assertThat(gained).isGreaterThan(400);
    }

    /** What the search of the smallest circuit builds on. */
    @Test
    void shouldBeAnUpperBoundWhenEdgesAreCut() {
        for (int seed = 0; seed < 400; seed++) {
            AttributionGraph graph = RandomGraph.draw(seed).graph();
            PrunedGraph circuit = Pruner.prune(
                    graph, new PruningOptions(.05 + .9 * random.nextDouble(), .3 + .6 * random.nextDouble()));
            boolean[] explains = circuit.nodeKept().clone();
            Arrays.fill(explains, graph.nodes().firstError(), graph.nodes().firstToken(), false);
            assertThat(new NodeFlow(graph, explains).completeness())
                    .isGreaterThanOrEqualTo(circuit.foldedScores().completeness() - 1e-12);
        }
    }
}
