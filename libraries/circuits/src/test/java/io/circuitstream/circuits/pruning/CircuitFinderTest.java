package io.circuitstream.circuits.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.GoldenGraph;
import io.circuitstream.circuits.SyntheticGraph;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Searches against all circuits of a ranking, one after the other. */
class CircuitFinderTest {
    private static final int GRAPHS = 300;

    private final Random random = new Random(81);

    /** Every circuit of a ranking, smallest first; the first is without features and errors. */
    private static List<PrunedGraph> all(AttributionGraph graph, NodeCriterion criterion, double edgeThreshold) {
        double[] influence = Influence.of(graph);
        double[] score = criterion == NodeCriterion.INFLUENCE
                ? Arrays.copyOf(influence, graph.nodes().firstToken())
                : Elimination.places(graph, influence);
        List<Double> cuts = new ArrayList<>(List.of(Double.POSITIVE_INFINITY));
        Arrays.stream(score)
                .filter(s -> s > 0)
                .distinct()
                .boxed()
                .sorted(Comparator.reverseOrder())
                .forEach(cuts::add);
        return cuts.stream()
                .map(cut -> {
                    boolean[] kept = new boolean[influence.length];
                    for (int i = 0; i < kept.length; i++) {
                        kept[i] = i >= score.length || score[i] >= cut;
                    }
                    return Pruner.prune(graph, influence, influence, kept, edgeThreshold);
                })
                .toList();
    }

    private static void assertSame(PrunedGraph found, PrunedGraph expected) {
        assertThat(found.nodeKept()).isEqualTo(expected.nodeKept());
        assertThat(found.edgeKept()).isEqualTo(expected.edgeKept());
    }

    private static boolean keeps(PrunedGraph circuit, double least) {
        return circuit.foldedScores().completeness() >= least - 1e-9;
    }

    private static int size(PrunedGraph circuit) {
        return (int) Arrays.stream(circuit.nodes())
                .filter(i -> i < circuit.graph().nodes().firstToken())
                .count();
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeTheSmallestThatKeepsTheShareWhenAllAreTried(NodeCriterion criterion) {
        int cut = 0;
        int everyEdge = 0;
        for (int seed = 0; seed < GRAPHS; seed++) {
            AttributionGraph graph = (seed % 2 == 0 ? RandomGraph.draw(seed) : RandomGraph.bounded(seed)).graph();
            double share = .3 + .7 * random.nextDouble();
            double edges = .4 + .599 * random.nextDouble();
            double least = share * graph.scores().completeness();

            ChosenCircuit chosen = new CircuitFinder(graph).keepingCompleteness(criterion, share, edges);

            List<PrunedGraph> circuits = all(graph, criterion, edges);
            double expectedEdges = edges;
            if (!keeps(circuits.get(circuits.size() - 1), least)) {
                expectedEdges = 1;
                circuits = all(graph, criterion, 1);
                everyEdge++;
            }
            PrunedGraph smallest = circuits.stream()
                    .filter(c -> keeps(c, least))
                    .findFirst()
                    .orElse(circuits.get(circuits.size() - 1));
            assertSame(chosen.circuit(), smallest);
            assertThat(chosen.options().edgeThreshold()).isEqualTo(expectedEdges);
            assertThat(chosen.criterion()).isEqualTo(criterion);
            cut += size(smallest) < size(circuits.get(circuits.size() - 1)) ? 1 : 0;
        }
        assertThat(cut).isGreaterThan(GRAPHS / 5);
        assertThat(everyEdge).isBetween(GRAPHS / 20, GRAPHS * 9 / 10);
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeTheLargestThatFitsWhenAllAreTried(NodeCriterion criterion) {
        int larger = 0;
        for (int seed = 0; seed < GRAPHS; seed++) {
            AttributionGraph graph = RandomGraph.draw(seed).graph();
            int budget = 1 + random.nextInt(8);
            double edges = .6 + .4 * random.nextDouble();

            ChosenCircuit chosen = new CircuitFinder(graph).withinBudget(criterion, budget, edges);

            List<PrunedGraph> circuits = all(graph, criterion, edges);
            int end = 1;
            while (end < circuits.size() && size(circuits.get(end)) <= budget) {
                end++;
            }
            // Before the first that is too large everything fits; what begins within the budget does so in any case.
            assertSame(chosen.circuit(), circuits.get(end - 1));
            larger += size(chosen.circuit()) > 0 ? 1 : 0;
        }
        assertThat(larger).isGreaterThan(GRAPHS / 2);
    }

    @Test
    void shouldBeTheCircuitOfItsThresholdsWhenItWasSearched() {
        for (int seed = 0; seed < GRAPHS; seed++) {
            AttributionGraph graph = RandomGraph.draw(seed).graph();
            CircuitFinder finder = new CircuitFinder(graph);
            ChosenCircuit chosen = finder.keepingCompleteness(
                    NodeCriterion.INFLUENCE, .3 + .7 * random.nextDouble(), .5 + .5 * random.nextDouble());
            // A threshold always keeps the most influential.
            if (size(chosen.circuit()) > 0) {
                assertSame(Pruner.prune(graph, chosen.options()), chosen.circuit());
                assertSame(
                        finder.atThreshold(NodeCriterion.INFLUENCE, chosen.options())
                                .circuit(),
                        chosen.circuit());
            }
        }
    }

    @Test
    void shouldPruneAsUsualWhenThresholdsAreGiven() {
        AttributionGraph graph = SyntheticGraph.of(6, 1500, 12, 30_000);
        CircuitFinder finder = new CircuitFinder(graph);
        for (double threshold : CircuitFinder.GRID) {
            PruningOptions options = new PruningOptions(threshold, .98);
            PrunedGraph expected = Pruner.prune(graph, options);
            ChosenCircuit chosen = finder.atThreshold(NodeCriterion.INFLUENCE, options);
            assertSame(chosen.circuit(), expected);
            assertThat(chosen.circuit().score()).isEqualTo(expected.score());
            assertThat(chosen.options()).isEqualTo(options);
        }
    }

    @Test
    void shouldHaveThePointsOfThePrunedGraphsWhenTheCurveIsByInfluence() {
        AttributionGraph graph = SyntheticGraph.of(7, 1500, 12, 30_000);

        List<CurvePoint> curve = new CircuitFinder(graph).curve(NodeCriterion.INFLUENCE, .98);

        assertThat(curve).hasSize(CircuitFinder.GRID.length);
        for (int i = 0; i < curve.size(); i++) {
            CurvePoint point = curve.get(i);
            PrunedGraph expected = Pruner.prune(graph, new PruningOptions(CircuitFinder.GRID[i], .98));
            assertThat(point.nodeThreshold()).isEqualTo(CircuitFinder.GRID[i]);
            assertThat(point.nodes()).isEqualTo(expected.nodes().length);
            assertThat(point.edges()).isEqualTo(expected.edgeCount());
            assertThat(point.scores()).isEqualTo(expected.foldedScores());
        }
    }

    /** What elimination is for. */
    @Test
    void shouldKeepMoreCompletenessWhenTheSameNumberOfNodesIsLeftByElimination() {
        AttributionGraph graph = SyntheticGraph.of(8, 1500, 12, 30_000);
        CircuitFinder finder = new CircuitFinder(graph);

        List<CurvePoint> influence = finder.curve(NodeCriterion.INFLUENCE, 1);
        List<CurvePoint> elimination = finder.curve(NodeCriterion.ELIMINATION, 1);

        int better = 0;
        for (int i = 0; i < influence.size(); i++) {
            better += elimination.get(i).scores().completeness()
                            >= influence.get(i).scores().completeness()
                    ? 1
                    : 0;
        }
        assertThat(better).isGreaterThan(influence.size() / 2);
    }

    /** j1 = {1, 6}: 2/3 of completeness; j2 = {1, 3, 6, 8}: 23/31, of 25/32. */
    @Test
    void shouldStepFromTieToTieWhenTheGoldenSharesAreAsked() {
        CircuitFinder golden = new CircuitFinder(GoldenGraph.graph());
        double step = 2 / 3. / (25 / 32.);

        ChosenCircuit small = golden.keepingCompleteness(NodeCriterion.INFLUENCE, step - 1e-6, .98);
        ChosenCircuit large = golden.keepingCompleteness(NodeCriterion.INFLUENCE, step + 1e-6, .98);

        assertThat(small.circuit().nodes()).containsExactly(1, 6, 9, 10, 11);
        assertThat(small.circuit().foldedScores().completeness()).isCloseTo(2 / 3., within(1e-12));
        // Half of feature 6 below 2/5, the cumulative share at it.
        assertThat(small.options().nodeThreshold()).isCloseTo(3 / 10., within(1e-12));
        assertThat(large.circuit().nodes()).containsExactly(1, 3, 6, 8, 9, 10, 11);
        assertThat(golden.withinBudget(NodeCriterion.INFLUENCE, 3, .98)
                        .circuit()
                        .nodes())
                .containsExactly(1, 6, 9, 10, 11);
        // The first two tie: neither may come alone.
        assertThat(golden.withinBudget(NodeCriterion.INFLUENCE, 1, .98)
                        .circuit()
                        .nodes())
                .containsExactly(9, 10, 11);
    }

    @Test
    void shouldRefuseWhenAShareOrABudgetIsNone() {
        CircuitFinder golden = new CircuitFinder(GoldenGraph.graph());
        for (double bad : new double[] {0, -.1, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> golden.keepingCompleteness(NodeCriterion.INFLUENCE, bad, .98))
                    .hasMessage("completeness share is " + bad + ", must be in (0, 1]");
        }
        assertThatThrownBy(() -> golden.withinBudget(NodeCriterion.INFLUENCE, 0, .98))
                .hasMessage("node budget is 0, must be at least 1");
    }
}
