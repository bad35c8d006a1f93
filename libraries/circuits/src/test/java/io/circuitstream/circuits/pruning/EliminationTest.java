package io.circuitstream.circuits.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.SyntheticGraph;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Nodes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EliminationTest {
    private static final int GRAPHS = 400;

    private static boolean[] explaining(AttributionGraph graph, int[] left) {
        boolean[] explains = new boolean[graph.nodes().count()];
        Arrays.fill(explains, graph.nodes().firstToken(), explains.length, true);
        for (int i : left) {
            explains[i] = i < graph.nodes().firstError();
        }
        return explains;
    }

    private static int[] without(int[] left, int node) {
        return Arrays.stream(left).filter(i -> i != node).toArray();
    }

    private static double completeness(AttributionGraph graph, int[] left) {
        return Masked.completeness(graph, explaining(graph, left));
    }

    /** What reaches each node through explaining ones, and all of it together: from the dense matrix, target by target. */
    private static double errorCost(RandomGraph drawn, int[] left, int error) {
        Nodes nodes = drawn.graph().nodes();
        boolean[] explains = explaining(drawn.graph(), left);
        double[][] hat = DenseOracle.normalised(drawn.dense());
        double[] mass = new double[nodes.count()];
        for (int t = nodes.count() - 1; t >= 0; t--) {
            double total = mass[t] + nodes.weight(t);
            for (int s = 0; s < nodes.count() && explains[t]; s++) {
                mass[s] += total * hat[t][s];
            }
        }
        double all = Arrays.stream(mass).sum();
        for (int k = nodes.firstLogit(); k < nodes.count(); k++) {
            all += nodes.weight(k);
        }
        return mass[error] / all;
    }

    private static double cost(RandomGraph drawn, int[] left, int node) {
        return node >= drawn.graph().nodes().firstError()
                ? errorCost(drawn, left, node)
                : completeness(drawn.graph(), left) - completeness(drawn.graph(), without(left, node));
    }

    /** All with a row, or error. */
    private static int[] whole(RandomGraph drawn) {
        Nodes nodes = drawn.graph().nodes();
        return IntStream.range(0, nodes.firstToken())
                .filter(i -> i >= nodes.firstError() || drawn.graph().rows().rowOf(i) >= 0)
                .toArray();
    }

    @Test
    void shouldCostWhatIsReallyLostWhenANodeIsTakenOut() {
        int costly = 0;
        for (int seed = 0; seed < GRAPHS; seed++) {
            RandomGraph drawn = RandomGraph.draw(seed);
            int[] left = whole(drawn);
            double[] costs = new Elimination(drawn.graph(), left).costs(left);
            for (int i = 0; i < left.length; i++) {
                double expected = cost(drawn, left, left[i]);
                assertThat(costs[i]).as("seed %d, node %d", seed, left[i]).isCloseTo(expected, within(1e-12));
                costly += expected > .01 ? 1 : 0;
            }
        }
        assertThat(costly).isGreaterThan(GRAPHS);
    }

    @Test
    void shouldAlwaysTakeOutTheCheapestWhenGraphsAreSmall() {
        int steps = 0;
        for (int seed = 0; seed < GRAPHS; seed++) {
            RandomGraph drawn = RandomGraph.bounded(seed);
            double[] places = Elimination.places(drawn.graph(), Influence.of(drawn.graph()));
            int[] left =
                    IntStream.range(0, places.length).filter(i -> places[i] > 0).toArray();
            // More than so many go in rounds.
            for (int place = 1; left.length > 1 && left.length < 8; place++) {
                int now = place;
                int next = Arrays.stream(left)
                        .filter(i -> places[i] == now)
                        .findFirst()
                        .orElseThrow();
                int[] all = left;
                double least = Arrays.stream(left)
                        .mapToDouble(i -> cost(drawn, all, i))
                        .min()
                        .orElseThrow();
                assertThat(cost(drawn, left, next)).isLessThanOrEqualTo(least + 1e-12);
                left = without(left, next);
                steps++;
            }
        }
        assertThat(steps).isGreaterThan(GRAPHS);
    }

    @Test
    void shouldPlaceEveryNodeOnceWhenItCanBeInACircuit() {
        AttributionGraph graph = SyntheticGraph.of(4, 1500, 12, 20_000);
        double[] influence = Influence.of(graph);
        double[] places = Elimination.places(graph, influence);
        List<Double> expected = new ArrayList<>();
        for (int i = 0; i < places.length; i++) {
            int row = graph.rows().rowOf(i);
            boolean fed = row >= 0 && graph.rows().absSum()[row] > 0;
            assertThat(places[i] > 0)
                    .isEqualTo(influence[i] > 0 && (fed || i >= graph.nodes().firstError()));
            if (places[i] > 0) {
                expected.add(expected.size() + 1.);
            }
        }
        assertThat(Arrays.stream(places).filter(p -> p > 0).sorted().boxed()).isEqualTo(expected);
    }
}
