package io.circuitstream.circuits.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Nodes;
import java.util.BitSet;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Random graphs against {@link DenseOracle}, and what must hold of every circuit. */
class PrunerOracleTest {
    private static final int GRAPHS = 400;

    /** Every graph with thresholds drawn for it. */
    private static void forGraphs(BiConsumer<RandomGraph, PruningOptions> check) {
        Random random = new Random(77);
        for (int seed = 0; seed < GRAPHS; seed++) {
            // Off the multiples of small fractions: on them rounding decides, and the oracle rounds elsewhere.
            check.accept(
                    RandomGraph.draw(seed),
                    new PruningOptions(.05 + .949 * random.nextDouble(), .05 + .949 * random.nextDouble()));
        }
    }

    @Test
    void shouldEqualTheDenseOracleWhenGraphsAreRandom() {
        int[] pruned = new int[1];
        forGraphs((drawn, options) -> {
            PrunedGraph circuit = Pruner.prune(drawn.graph(), options);
            Nodes nodes = drawn.graph().nodes();
            DenseOracle oracle =
                    new DenseOracle(drawn.dense(), nodes, options.nodeThreshold(), options.edgeThreshold());
            assertThat(circuit.influence()).containsExactly(oracle.influence, within(1e-12));
            assertThat(circuit.nodeKept()).isEqualTo(oracle.nodes);
            boolean[][] kept = new boolean[nodes.count()][nodes.count()];
            PrunedGraph.Edges edges = circuit.edges();
            for (int i = 0; i < circuit.edgeCount(); i++) {
                kept[edges.target()[i]][edges.source()[i]] = true;
            }
            assertThat(kept).isDeepEqualTo(oracle.edges);
            pruned[0] += drawn.graph().rows().col().length - circuit.edgeCount();
            PrunedGraph.Scores scores = circuit.foldedScores();
            assertThat(scores.replacement()).isCloseTo(oracle.folded(false).replacement(), within(1e-9));
            assertThat(scores.completeness()).isCloseTo(oracle.folded(false).completeness(), within(1e-9));
            PrunedGraph.Scores signed = circuit.signedScores();
            assertThat(signed.replacement()).isCloseTo(oracle.folded(true).replacement(), within(1e-9));
            assertThat(signed.completeness()).isCloseTo(oracle.folded(true).completeness(), within(1e-9));
        });
        assertThat(pruned[0]).isGreaterThan(GRAPHS);
    }

    /** Σ n·wÂⁿ over Σ wÂⁿ, both at the tokens. */
    @Test
    void shouldAverageThePowersOfTheNormalisedMatrixWhenPathsAreMeasured() {
        int[] indirect = new int[1];
        forGraphs((drawn, options) -> {
            Nodes nodes = drawn.graph().nodes();
            double[][] hat = DenseOracle.normalised(drawn.dense());
            double[] term = new double[nodes.count()];
            for (int i = 0; i < term.length; i++) {
                term[i] = nodes.weight(i);
            }
            double mass = 0;
            double length = 0;
            for (int n = 1; n <= nodes.layers() + 1; n++) {
                double[] next = new double[term.length];
                for (int t = 0; t < term.length; t++) {
                    for (int s = 0; s < term.length; s++) {
                        next[s] += term[t] * hat[t][s];
                    }
                }
                term = next;
                for (int i = nodes.firstToken(); i < nodes.firstLogit(); i++) {
                    mass += term[i];
                    length += n * term[i];
                }
            }
            double expected = mass == 0 ? 0 : length / mass;
            assertThat(Influence.pathLength(drawn.graph())).isCloseTo(expected, within(1e-12));
            indirect[0] += expected > 1.5 ? 1 : 0;
        });
        assertThat(indirect[0]).isGreaterThan(GRAPHS / 20);
    }

    @Test
    void shouldLeaveNothingDanglingWhenPruned() {
        forGraphs((drawn, options) -> {
            PrunedGraph circuit = Pruner.prune(drawn.graph(), options);
            Nodes nodes = drawn.graph().nodes();
            boolean[] in = new boolean[nodes.count()];
            boolean[] out = new boolean[nodes.count()];
            PrunedGraph.Edges edges = circuit.edges();
            for (int i = 0; i < circuit.edgeCount(); i++) {
                assertThat(circuit.nodeKept()[edges.target()[i]]).isTrue();
                assertThat(circuit.nodeKept()[edges.source()[i]]).isTrue();
                in[edges.target()[i]] = true;
                out[edges.source()[i]] = true;
            }
            for (int i : circuit.nodes()) {
                assertThat(i >= nodes.firstToken() || out[i]).isTrue();
                assertThat(i >= nodes.firstError() || in[i]).isTrue();
            }
            for (int i = nodes.firstToken(); i < nodes.count(); i++) {
                assertThat(circuit.nodeKept()[i]).isTrue();
            }
        });
    }

    @Test
    void shouldKeepMoreWhenTheEdgeThresholdGrows() {
        forGraphs((drawn, options) -> {
            PrunedGraph small = Pruner.prune(drawn.graph(), options);
            double more = options.edgeThreshold() + (1 - options.edgeThreshold()) / 2;
            PrunedGraph large = Pruner.prune(drawn.graph(), new PruningOptions(options.nodeThreshold(), more));
            assertContains(large, small);
        });
    }

    /** With every edge kept: edge scores are shares of what is left, so that edges alone are not monotone in τ_n. */
    @Test
    void shouldKeepMoreWhenTheNodeThresholdGrowsAndEdgesStay() {
        forGraphs((drawn, options) -> {
            PrunedGraph small = Pruner.prune(drawn.graph(), new PruningOptions(options.nodeThreshold(), 1));
            double more = options.nodeThreshold() + (1 - options.nodeThreshold()) / 2;
            PrunedGraph large = Pruner.prune(drawn.graph(), new PruningOptions(more, 1));
            assertContains(large, small);
        });
    }

    private static void assertContains(PrunedGraph large, PrunedGraph small) {
        for (int i = 0; i < small.nodeKept().length; i++) {
            assertThat(large.nodeKept()[i] || !small.nodeKept()[i]).isTrue();
        }
        BitSet missing = (BitSet) small.edgeKept().clone();
        missing.andNot(large.edgeKept());
        assertThat(missing.isEmpty()).isTrue();
    }

    @Test
    void shouldStayWithinZeroAndOneWhenScored() {
        forGraphs((drawn, options) -> {
            PrunedGraph.Scores scores = Pruner.prune(drawn.graph(), options).foldedScores();
            assertThat(scores.replacement()).isBetween(0., 1 + 1e-12);
            assertThat(scores.completeness()).isBetween(0., 1 + 1e-12);
        });
    }

    @Test
    void shouldRefuseOptionsWhenAThresholdIsNoShare() {
        for (double bad : new double[] {0, -.1, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> new PruningOptions(bad, .9)).hasMessageContaining("node threshold is " + bad);
            assertThatThrownBy(() -> new PruningOptions(.9, bad)).hasMessageContaining("edge threshold is " + bad);
        }
    }
}
