package io.circuitstream.circuits.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.GoldenGraph;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against every path, walked one by one. */
class StrongestPathsTest {
    private static final int GRAPHS = 400;
    private static final PruningOptions ALL = new PruningOptions(1, 1);

    private final Random random = new Random(82);

    /** With activations that are not all 1. */
    private AttributionGraph drawn(int seed) {
        AttributionGraph graph = RandomGraph.draw(seed).graph();
        Nodes nodes = graph.nodes();
        ActiveFeatures features = nodes.features();
        float[] activation = new float[features.count()];
        for (int f = 0; f < activation.length; f++) {
            activation[f] = .25f + random.nextFloat();
        }
        return AttributionGraph.ofRows(
                new Nodes(
                        nodes.layers(),
                        nodes.masked(),
                        nodes.tokenIds(),
                        nodes.tokens(),
                        new ActiveFeatures(
                                features.layer(),
                                features.position(),
                                features.index(),
                                activation,
                                features.layerStart()),
                        nodes.errorNorm(),
                        nodes.targets()),
                graph.rows());
    }

    private static List<TokenPath> every(PrunedGraph circuit) {
        Nodes nodes = circuit.graph().nodes();
        List<TokenPath> found = new ArrayList<>();
        for (int k = nodes.firstLogit(); k < nodes.count(); k++) {
            walk(circuit, circuit.edges(), new TokenPath(new int[] {k}, nodes.weight(k), 1), found);
        }
        found.sort(Comparator.comparingDouble(TokenPath::strength).reversed());
        return found;
    }

    private static void walk(PrunedGraph circuit, PrunedGraph.Edges edges, TokenPath way, List<TokenPath> found) {
        Nodes nodes = circuit.graph().nodes();
        int target = way.nodes()[0];
        if (nodes.kind(target) == Nodes.Kind.TOKEN) {
            found.add(way);
            return;
        }
        for (int i = 0; i < edges.target().length; i++) {
            if (edges.target()[i] == target) {
                int[] longer = new int[way.nodes().length + 1];
                longer[0] = edges.source()[i];
                System.arraycopy(way.nodes(), 0, longer, 1, way.nodes().length);
                float sum =
                        circuit.graph().rows().absSum()[circuit.graph().rows().rowOf(target)];
                double gate = nodes.kind(target) == Nodes.Kind.LOGIT ? 1 : nodes.value(target);
                walk(
                        circuit,
                        edges,
                        new TokenPath(
                                longer,
                                way.strength() * Math.abs(edges.weight()[i]) / sum,
                                way.effect() * edges.weight()[i] / gate),
                        found);
            }
        }
    }

    private static String key(TokenPath path) {
        return Arrays.toString(path.nodes());
    }

    @Test
    void shouldBeTheStrongestOfAllPathsWhenEveryOneIsWalked() {
        int crowded = 0;
        for (int seed = 0; seed < GRAPHS; seed++) {
            PrunedGraph circuit = Pruner.prune(drawn(seed), new PruningOptions(.7 + .3 * random.nextDouble(), .99));
            List<TokenPath> every = every(circuit);
            int count = 1 + random.nextInt(6);

            List<TokenPath> found = StrongestPaths.of(circuit, count);

            assertThat(found).hasSize(Math.min(count, every.size()));
            assertThat(found).extracting(StrongestPathsTest::key).doesNotHaveDuplicates();
            for (int i = 0; i < found.size(); i++) {
                TokenPath path = found.get(i);
                TokenPath same = every.stream()
                        .filter(p -> key(p).equals(key(path)))
                        .findFirst()
                        .orElseThrow();
                assertThat(path.strength()).isCloseTo(every.get(i).strength(), within(1e-12));
                assertThat(path.strength()).isCloseTo(same.strength(), within(1e-12));
                assertThat(path.effect()).isCloseTo(same.effect(), within(1e-9 * (1 + Math.abs(same.effect()))));
            }
            crowded += every.size() > count ? 1 : 0;
        }
        assertThat(crowded).isGreaterThan(GRAPHS / 4);
    }

    @Test
    void shouldAddUpToTheTotalEffectOfATokenWhenNothingIsRemoved() {
        int tested = 0;
        for (int seed = 0; seed < GRAPHS; seed++) {
            AttributionGraph graph = drawn(seed);
            int logit = graph.nodes().firstLogit();
            double[] sum = new double[graph.nodes().count()];
            for (TokenPath path : StrongestPaths.of(Pruner.prune(graph, ALL), 100_000)) {
                if (path.nodes()[path.nodes().length - 1] == logit) {
                    sum[path.nodes()[0]] += path.effect();
                    tested++;
                }
            }
            double[] effect = Influence.totalEffect(graph, logit);
            for (int i = graph.nodes().firstToken(); i < logit; i++) {
                assertThat(sum[i]).isCloseTo(effect[i], within(1e-9 * (1 + Math.abs(effect[i]))));
            }
        }
        assertThat(tested).isGreaterThan(GRAPHS);
    }

    /** Σ of strengths is the influence of the tokens, each path's share of it. */
    @Test
    void shouldAddUpToTheInfluenceOfTheTokensWhenNothingIsRemoved() {
        for (int seed = 0; seed < GRAPHS; seed++) {
            AttributionGraph graph = drawn(seed);
            double expected = Arrays.stream(
                            Influence.of(graph),
                            graph.nodes().firstToken(),
                            graph.nodes().firstLogit())
                    .sum();
            assertThat(StrongestPaths.of(Pruner.prune(graph, ALL), 100_000).stream()
                            .mapToDouble(TokenPath::strength)
                            .sum())
                    .isCloseTo(expected, within(1e-9));
        }
    }

    @Test
    void shouldListTheGoldenPathsWithTiesByTokenWhenNothingIsRemoved() {
        List<TokenPath> paths = StrongestPaths.of(Pruner.prune(GoldenGraph.graph(), ALL), 4);

        assertThat(paths)
                .extracting(StrongestPathsTest::key)
                .containsExactly("[9, 1, 11]", "[10, 1, 11]", "[9, 0, 3, 11]", "[9, 1, 3, 11]");
        assertThat(paths.get(0).strength()).isCloseTo(1 / 8., within(1e-15));
        assertThat(paths.get(0).effect()).isEqualTo(100);
        assertThat(paths.get(2).strength()).isCloseTo(1 / 12., within(1e-15));
        assertThat(paths.get(3).strength()).isCloseTo(1 / 24., within(1e-15));
        assertThat(paths.get(3).effect()).isEqualTo(1000);
    }
}
