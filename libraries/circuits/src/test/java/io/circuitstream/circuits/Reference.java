package io.circuitstream.circuits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.circuits.pruning.Pruner;
import io.circuitstream.circuits.pruning.PruningOptions;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Comparing what the engine computed with tensors that PyTorch computed. */
final class Reference {
    private Reference() {}

    /**
     * Every edge, bias and value of the graph against autograd in double precision.
     *
     * @param tolerance for values of about 1; of larger ones it is a share
     */
    static void assertRows(AttributionGraph graph, Safetensors expected, double tolerance) {
        Nodes nodes = graph.nodes();
        assertThat(nodes.targets().stream().mapToInt(t -> t.tokenId()).toArray())
                .isEqualTo(ints(expected, "target_tokens"));
        int n = nodes.count();
        float[] dense = expected.readFloats("A", n, n);
        for (int t = 0; t < n; t++) {
            for (int s = 0; s < n; s++) {
                double edge = dense[t * n + s];
                assertThat((double) graph.rows().get(t, s))
                        .as("%s ← %s", nodes.id(t), nodes.id(s))
                        .isCloseTo(edge, within(tolerance * Math.max(1, Math.abs(edge))));
            }
        }
        assertClose(graph.rows().bias(), expected.readFloats("bias"), tolerance);
        assertClose(graph.rows().value(), expected.readFloats("value"), tolerance);
    }

    /** Influence, pruning and scores against the dense reference. */
    static void assertCircuit(AttributionGraph graph, Safetensors expected) {
        PrunedGraph circuit = Pruner.prune(graph, PruningOptions.DEFAULT);
        assertClose(circuit.influence(), expected.readFloats("influence"), 1e-5);
        assertClose(circuit.score(), expected.readFloats("node_score"), 1e-4);
        float[] kept = expected.readFloats("kept_nodes");
        assertThat(circuit.nodes())
                .isEqualTo(IntStream.range(0, kept.length)
                        .filter(i -> kept[i] == 1)
                        .toArray());
        assertThat(edges(circuit)).isEqualTo(pairs(expected.readFloats("kept_edges")));
        double[] influence = circuit.influence();
        assertThat(Influence.replacementScore(graph.nodes(), influence))
                .isCloseTo(expected.readFloats("replacement")[0], within(1e-5));
        assertThat(Influence.completenessScore(graph, influence))
                .isCloseTo(expected.readFloats("completeness")[0], within(1e-5));
    }

    /** Total effects of every node on every logit against re-encoding by autograd. */
    static void assertTotalEffects(AttributionGraph graph, Safetensors reference) {
        Nodes nodes = graph.nodes();
        float[] expected = reference.readFloats("total_effect");
        int columns = nodes.firstLogit();
        for (int k = 0; k < nodes.targets().size(); k++) {
            double[] effect = Influence.totalEffect(graph, nodes.firstLogit() + k);
            assertClose(
                    Arrays.copyOf(effect, columns), Arrays.copyOfRange(expected, k * columns, (k + 1) * columns), 1e-4);
        }
    }

    /**
     * Which features are active, and with which activation.
     *
     * @param features rows of layer, position, index, activation
     */
    static void assertFeatures(LocalReplacementModel local, float[] features) {
        assertThat(local.features().count()).isEqualTo(features.length / 4);
        for (int i = 0; i < local.features().count(); i++) {
            assertThat(List.of(
                            local.features().layer()[i],
                            local.features().position()[i],
                            local.features().index()[i]))
                    .containsExactly((int) features[4 * i], (int) features[4 * i + 1], (int) features[4 * i + 2]);
            assertThat(local.features().activation()[i]).isCloseTo(features[4 * i + 3], within(1e-4f));
        }
    }

    /** Every activation against [L,T,F]. */
    static void assertActivations(LocalReplacementModel local, Transcoder transcoder, float[] expected) {
        float[] actual = new float[expected.length];
        for (int i = 0; i < local.features().count(); i++) {
            int row = local.features().layer()[i] * local.positions()
                    + local.features().position()[i];
            actual[row * transcoder.features(0) + local.features().index()[i]] =
                    local.features().activation()[i];
        }
        assertClose(actual, expected, 1e-4);
    }

    private static List<List<Integer>> edges(PrunedGraph circuit) {
        PrunedGraph.Edges edges = circuit.edges();
        return IntStream.range(0, circuit.edgeCount())
                .mapToObj(i -> List.of(edges.target()[i], edges.source()[i]))
                .toList();
    }

    private static List<List<Integer>> pairs(float[] flat) {
        List<List<Integer>> pairs = new ArrayList<>();
        for (int i = 0; i < flat.length; i += 2) {
            pairs.add(List.of((int) flat[i], (int) flat[i + 1]));
        }
        return pairs;
    }

    static int[] ints(Safetensors file, String name) {
        float[] values = file.readFloats(name);
        return IntStream.range(0, values.length).map(i -> (int) values[i]).toArray();
    }

    /** One array a layer against [L, ...]. */
    static void assertLayers(NDArray[] actual, float[] expected) {
        int size = expected.length / actual.length;
        for (int l = 0; l < actual.length; l++) {
            assertClose(actual[l].toFloatArray(), Arrays.copyOfRange(expected, l * size, (l + 1) * size), 1e-4);
        }
    }

    static void assertClose(float[] actual, float[] expected, double tolerance) {
        double[] wide = new double[actual.length];
        for (int i = 0; i < actual.length; i++) {
            wide[i] = actual[i];
        }
        assertClose(wide, expected, tolerance);
    }

    static void assertClose(double[] actual, float[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i])
                    .as("element %d", i)
                    .isCloseTo(expected[i], within(tolerance * Math.max(1, Math.abs(expected[i]))));
        }
    }
}
