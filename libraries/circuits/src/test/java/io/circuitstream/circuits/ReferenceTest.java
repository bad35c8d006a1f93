package io.circuitstream.circuits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.attribution.AttributionOptions;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.RowProgress;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.ModelConfig;
import io.circuitstream.circuits.model.Tokens;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Neurons;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
            Reference.assertClose(pass.logits().toFloatArray(), expected.readFloats(prompt + ".logits"), 1e-4);
            Reference.assertLayers(pass.patterns(), expected.readFloats(prompt + ".pattern"));
            Reference.assertLayers(pass.residMid(), expected.readFloats(prompt + ".resid_mid"));
            Reference.assertLayers(pass.mlpIn(), expected.readFloats(prompt + ".hook_in"));
            Reference.assertLayers(pass.mlpOut(), expected.readFloats(prompt + ".mlp_out"));
        }
    }

    @Test
    void shouldTokeniseLikeTransformersAndWarnWhenAWordIsUnknown() {
        try (Tokens tokens = Tokens.read(FIXTURES.resolve("model"), ModelConfig.read(FIXTURES.resolve("model")))) {
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
            Reference.assertActivations(local, transcoder, expected.readFloats(prompt + ".activations"));
            float[] variance = expected.readFloats(prompt + ".explained_variance");
            float[] error = expected.readFloats(prompt + ".error");
            int d = transcoder.width();
            for (int l = 0; l < transcoder.layers(); l++) {
                assertThat(1 - local.normalisedMse(l)).as("layer %d", l).isCloseTo(variance[l], within(1e-4));
                for (int p = 0; p < local.positions(); p++) {
                    int at = (l * local.positions() + p) * d;
                    Reference.assertClose(local.error(l, p), Arrays.copyOfRange(error, at, at + d), 1e-4);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldEqualAutogradWhenRowsComeFromTheExplicitAdjoint(String name) {
        Reference.assertRows(graph(name), fixture(name + "-attribution"), 2e-5);
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldEqualTheDenseReferenceWhenPrunedAndScored(String name) {
        Reference.assertCircuit(graph(name), fixture(name + "-attribution"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldEqualAutogradWhenTotalEffectsAreSummedOverPaths(String name) {
        Reference.assertTotalEffects(graph(name), fixture(name + "-attribution"));
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
            return Attributor.attribute(local, new AttributionOptions(10, 0.95, List.of(), 0), RowProgress.NONE);
        }
    }

    private static int[] ids(Safetensors expected, String prompt) {
        return Reference.ints(expected, prompt + ".input_ids");
    }
}
