package io.circuitstream.circuits;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.attribution.AttributionOptions;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.Exactness;
import io.circuitstream.circuits.attribution.RowProgress;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.generation.Generator;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.ModelConfig;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every family against transformers: the forward pass, and attribution with every kind of transcoder. */
class ArchitectureTest {
    static final Path FIXTURES = Path.of("src/test/resources/architectures");
    static final List<String> TRANSCODERS = List.of("clt", "plt", "plt-skip", "plt-topk");

    static Stream<String> models() {
        return Stream.of(
                "gpt2",
                "gpt-neox",
                "gpt-neox-sequential",
                "llama3",
                "llama-linear",
                "llama-yarn",
                "mistral",
                "qwen2",
                "qwen3",
                "gemma2",
                "gemma3");
    }

    private static Stream<Arguments> modelsAndTranscoders() {
        return models().flatMap(model -> TRANSCODERS.stream().map(transcoder -> Arguments.of(model, transcoder)));
    }

    static Safetensors fixture(String model, String name) {
        return Safetensors.open(FIXTURES.resolve(model).resolve(name + ".safetensors"));
    }

    static int[] prompt(String model) {
        return Reference.ints(fixture(model, "expected"), "input_ids");
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldAgreeWithTransformersWhenRunForward(String name) {
        Safetensors expected = fixture(name, "expected");
        try (LanguageModel model = LanguageModel.load(FIXTURES.resolve(name));
                ForwardPass pass = Forward.run(model, prompt(name))) {
            Reference.assertLayers(pass.patterns(), expected.readFloats("pattern"));
            Reference.assertLayers(pass.residMid(), expected.readFloats("resid_mid"));
            Reference.assertLayers(pass.normalized(), expected.readFloats("normalized"));
            Reference.assertLayers(pass.mlpIn(), expected.readFloats("hook_in"));
            Reference.assertLayers(pass.mlpOut(), expected.readFloats("mlp_out"));
            Reference.assertClose(pass.logits().toFloatArray(), expected.readFloats("logits"), 1e-4);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldContinueTokenForTokenWhenGenerating(String name) {
        int[] expected = Reference.ints(fixture(name, "expected"), "generated");
        try (LanguageModel model = LanguageModel.load(FIXTURES.resolve(name))) {
            assertThat(Generator.generate(model, prompt(name), expected.length, Set.of()).stream()
                            .mapToInt(Generator.Step::tokenId)
                            .toArray())
                    .isEqualTo(expected);
        }
    }

    /** Configurations as transformers 4 wrote them and as 5 does. */
    @ParameterizedTest
    @ValueSource(strings = {"qwen3", "gemma2"})
    void shouldBeTheSameModelWhenTheConfigurationIsOlder(String name, @TempDir Path older) throws IOException {
        for (String file : List.of("model.safetensors", "tokenizer.json")) {
            Files.copy(FIXTURES.resolve(name).resolve(file), older.resolve(file));
        }
        Files.copy(FIXTURES.resolve(name).resolve("config-transformers4.json"), older.resolve("config.json"));

        assertThat(ModelConfig.read(older)).isEqualTo(ModelConfig.read(FIXTURES.resolve(name)));
        assertSameLogits(name, older);
    }

    /** The same weights in another layout: names with a prefix; a multimodal model's, in half precision and in shards. */
    @Test
    void shouldGiveTheSameLogitsWhenTheLayoutIsAnother() {
        assertSameLogits("gpt2", FIXTURES.resolve("gpt2-prefixed"));
        assertSameLogits("gemma3", FIXTURES.resolve("gemma3-multimodal"));
    }

    private static void assertSameLogits(String one, Path other) {
        try (LanguageModel model = LanguageModel.load(FIXTURES.resolve(one));
                LanguageModel same = LanguageModel.load(other);
                ForwardPass pass = Forward.run(model, prompt(one));
                ForwardPass again = Forward.run(same, prompt(one))) {
            assertThat(again.logits().toFloatArray()).isEqualTo(pass.logits().toFloatArray());
        }
    }

    @ParameterizedTest
    @MethodSource("modelsAndTranscoders")
    void shouldEqualAutogradWhenAttributed(String model, String transcoder) {
        Safetensors expected = fixture(model, "attribution-" + transcoder);
        withGraph(model, transcoder, (local, graph) -> {
            Reference.assertFeatures(local, expected.readFloats("features"));
            Reference.assertRows(graph, expected, 1e-4);
            Reference.assertCircuit(graph, expected);
            Reference.assertTotalEffects(graph, expected);
        });
    }

    @ParameterizedTest
    @MethodSource("modelsAndTranscoders")
    void shouldPredictEveryInterventionWhenEverythingIsFrozen(String model, String transcoder) {
        withGraph(model, transcoder, (local, graph) -> {
            Exactness exactness = new Exactness(local, graph, size(graph));
            exactness.assertConserved();
            exactness.assertFeaturesPredict();
            exactness.assertErrorsAndTokensPredict();
            exactness.assertLinear();
            exactness.assertCausal();
            exactness.assertInfluenceReachesLeaves();
        });
    }

    private static double size(AttributionGraph graph) {
        double largest = 1;
        for (float value : graph.rows().val()) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static void withGraph(
            String name, String transcoderName, BiConsumer<LocalReplacementModel, AttributionGraph> check) {
        Path folder = FIXTURES.resolve(name);
        try (LanguageModel model = LanguageModel.load(folder);
                Transcoder transcoder = TranscoderFiles.load(folder.resolve(transcoderName));
                LocalReplacementModel local = LocalReplacementModel.build(model, transcoder, prompt(name))) {
            check.accept(
                    local,
                    Attributor.attribute(local, new AttributionOptions(10, 0.95, List.of(), 0), RowProgress.NONE));
        }
    }
}
