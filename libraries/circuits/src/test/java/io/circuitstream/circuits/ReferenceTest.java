package io.circuitstream.circuits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.circuitstream.circuits.attribution.AttributionOptions;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.RowProgress;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.Tokens;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.circuits.pruning.Pruner;
import io.circuitstream.circuits.pruning.PruningOptions;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Neurons;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Against PyTorch and transformers: values that share no code with the engine. Conservation cannot see a wrong
 * transcoder, these can.
 */
class ReferenceTest {
    private static final Path FIXTURES = Path.of("src/test/resources/llama");

    private static Safetensors fixture(String name) {
        return Safetensors.open(FIXTURES.resolve(name + ".safetensors"));
    }

    private static Stream<String> names() {
        return Stream.of("clt", "plt-relu", "plt-jumprelu", "clt-skip", "plt-skip", "clt-topk", "plt-topk", "neurons");
    }

    private static Transcoder transcoder(String name, LanguageModel model) {
        return name.equals("neurons")
                ? new Neurons(model, fixture("neurons-expected").readFloats("threshold")[0])
                : TranscoderFiles.load(FIXTURES.resolve(name));
    }

    @ParameterizedTest
    @CsvSource({"model,prompt1", "model,prompt2", "model-sharded,prompt1"})
    void shouldAgreeWithTransformersWhenRunForward(String folder, String prompt) {
        Safetensors expected = fixture("expected");
        try (LanguageModel model = LanguageModel.load(FIXTURES.resolve(folder));
                ForwardPass pass = Forward.run(model, ids(expected, prompt))) {
            assertClose(pass.logits().toFloatArray(), expected.readFloats(prompt + ".logits"), 1e-4);
            assertLayers(pass.patterns(), expected.readFloats(prompt + ".pattern"));
            assertLayers(pass.residMid(), expected.readFloats(prompt + ".resid_mid"));
            assertLayers(pass.mlpIn(), expected.readFloats(prompt + ".hook_in"));
            assertLayers(pass.mlpOut(), expected.readFloats(prompt + ".mlp_out"));
        }
    }

    @Test
    void shouldTokeniseLikeTransformersAndWarnWhenAWordIsUnknown() {
        try (Tokens tokens = Tokens.read(FIXTURES.resolve("model"), 1)) {
            assertThat(tokens.encode("w5 w9 w3 w17 w22 w9").ids()).isEqualTo(ids(fixture("expected"), "prompt1"));
            Tokens.Prompt second = tokens.encode("w7 zebra w30 w4");
            assertThat(second.ids()).isEqualTo(ids(fixture("expected"), "prompt2"));
            assertThat(second.warnings()).containsExactly("unknown word 'zebra' is read as <unk>");
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldGiveTheReferenceFeaturesAndExplainedVarianceWhenATranscoderIsLoaded(String name) {
        assertDecomposition(name, "prompt1");
        assertDecomposition(name, "prompt2");
    }

    private static void assertDecomposition(String name, String prompt) {
        Safetensors expected = fixture(name + "-expected");
        try (LanguageModel model = LanguageModel.load(FIXTURES.resolve("model"));
                Transcoder transcoder = transcoder(name, model);
                LocalReplacementModel local =
                        LocalReplacementModel.build(model, transcoder, ids(fixture("expected"), prompt))) {
            assertActivations(local, transcoder, expected.readFloats(prompt + ".activations"));
            float[] variance = expected.readFloats(prompt + ".explained_variance");
            float[] error = expected.readFloats(prompt + ".error");
            int d = transcoder.width();
            for (int l = 0; l < transcoder.layers(); l++) {
                assertThat(1 - local.normalisedMse(l)).as("layer %d", l).isCloseTo(variance[l], within(1e-4));
                for (int p = 0; p < local.positions(); p++) {
                    int at = (l * local.positions() + p) * d;
                    assertClose(local.error(l, p), Arrays.copyOfRange(error, at, at + d), 1e-4);
                }
            }
        }
    }

    private static void assertActivations(LocalReplacementModel local, Transcoder transcoder, float[] expected) {
        float[] actual = new float[expected.length];
        for (int i = 0; i < local.features().count(); i++) {
            int row = local.features().layer()[i] * local.positions()
                    + local.features().position()[i];
            actual[row * transcoder.features(0) + local.features().index()[i]] =
                    local.features().activation()[i];
        }
        assertClose(actual, expected, 1e-4);
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldEqualAutogradWhenRowsComeFromTheExplicitAdjoint(String name) {
        Safetensors expected = fixture(name + "-attribution");
        AttributionGraph graph = graph(name);
        Nodes nodes = graph.nodes();
        assertThat(nodes.targets().stream().mapToInt(t -> t.tokenId()).toArray())
                .isEqualTo(ints(expected, "target_tokens"));
        int n = nodes.count();
        float[] dense = expected.readFloats("A", n, n);
        for (int t = 0; t < n; t++) {
            for (int s = 0; s < n; s++) {
                assertThat(graph.rows().get(t, s))
                        .as("%s ← %s", nodes.id(t), nodes.id(s))
                        .isCloseTo(dense[t * n + s], within(2e-5f));
            }
        }
        assertClose(graph.rows().bias(), expected.readFloats("bias"), 2e-5);
        assertClose(graph.rows().value(), expected.readFloats("value"), 2e-5);
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldEqualTheDenseReferenceWhenPrunedAndScored(String name) {
        Safetensors expected = fixture(name + "-attribution");
        AttributionGraph graph = graph(name);
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

    @ParameterizedTest
    @MethodSource("names")
    void shouldEqualAutogradWhenTotalEffectsAreSummedOverPaths(String name) {
        AttributionGraph graph = graph(name);
        Nodes nodes = graph.nodes();
        float[] expected = fixture(name + "-attribution").readFloats("total_effect");
        int columns = nodes.firstLogit();
        for (int k = 0; k < nodes.targets().size(); k++) {
            double[] effect = Influence.totalEffect(graph, nodes.firstLogit() + k);
            assertClose(
                    Arrays.copyOf(effect, columns), Arrays.copyOfRange(expected, k * columns, (k + 1) * columns), 1e-4);
        }
    }

    @Test
    void shouldReadHalfPrecisionExactlyWhenConverted() {
        Safetensors expected = fixture("dtypes-expected");
        for (String type : List.of("f32", "f16", "bf16")) {
            assertThat(fixture("dtypes").readFloats(type)).as(type).isEqualTo(expected.readFloats(type));
        }
    }

    private static AttributionGraph graph(String name) {
        try (LanguageModel model = LanguageModel.load(FIXTURES.resolve("model"));
                Transcoder transcoder = transcoder(name, model);
                LocalReplacementModel local =
                        LocalReplacementModel.build(model, transcoder, ids(fixture("expected"), "prompt1"))) {
            return Attributor.attribute(local, new AttributionOptions(10, 0.95, new int[0], 0), RowProgress.NONE);
        }
    }

    private static List<List<Integer>> edges(PrunedGraph circuit) {
        var rows = circuit.graph().rows();
        List<List<Integer>> edges = new ArrayList<>();
        for (int r = 0; r < rows.count(); r++) {
            for (int e = rows.begin(r); e < rows.end(r); e++) {
                if (circuit.edgeKept()[e]) {
                    edges.add(List.of(rows.rowNode()[r], rows.col()[e]));
                }
            }
        }
        return edges;
    }

    private static List<List<Integer>> pairs(float[] flat) {
        List<List<Integer>> pairs = new ArrayList<>();
        for (int i = 0; i < flat.length; i += 2) {
            pairs.add(List.of((int) flat[i], (int) flat[i + 1]));
        }
        return pairs;
    }

    private static int[] ids(Safetensors expected, String prompt) {
        return ints(expected, prompt + ".input_ids");
    }

    private static int[] ints(Safetensors file, String name) {
        float[] values = file.readFloats(name);
        return IntStream.range(0, values.length).map(i -> (int) values[i]).toArray();
    }

    private static void assertLayers(NDArray[] actual, float[] expected) {
        int size = expected.length / actual.length;
        for (int l = 0; l < actual.length; l++) {
            assertClose(actual[l].toFloatArray(), Arrays.copyOfRange(expected, l * size, (l + 1) * size), 1e-4);
        }
    }

    private static void assertClose(float[] actual, float[] expected, double tolerance) {
        double[] wide = new double[actual.length];
        for (int i = 0; i < actual.length; i++) {
            wide[i] = actual[i];
        }
        assertClose(wide, expected, tolerance);
    }

    private static void assertClose(double[] actual, float[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).as("element %d", i).isCloseTo(expected[i], within(tolerance));
        }
    }
}
