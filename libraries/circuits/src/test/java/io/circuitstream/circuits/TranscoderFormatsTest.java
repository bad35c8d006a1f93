package io.circuitstream.circuits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.circuitstream.circuits.attribution.AttributionOptions;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.RowProgress;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.files.SafetensorsWriter;
import io.circuitstream.circuits.files.TensorFile;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Google's transcoder files against what circuit-tracer's own loaders make of them: see resources/formats/README.md. */
class TranscoderFormatsTest {
    private static final Path FIXTURES = Path.of("src/test/resources/formats");
    private static final Path MODEL = Path.of("src/test/resources/architectures/gemma2");
    private static final Safetensors EXPECTED = Safetensors.open(FIXTURES.resolve("expected.safetensors"));
    private static final int[] PROMPT =
            Reference.ints(Safetensors.open(MODEL.resolve("expected.safetensors")), "input_ids");

    private static LanguageModel model;

    @TempDir
    Path folder;

    @BeforeAll
    static void load() {
        model = LanguageModel.load(MODEL);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gemma-scope", "gemma-scope-2", "gemma-scope-2-clt"})
    void shouldGiveCircuitTracersFeaturesAndReconstructionWhenLoaded(String name) {
        try (Transcoder transcoder = TranscoderFiles.load(FIXTURES.resolve(name));
                LocalReplacementModel local = LocalReplacementModel.build(model, transcoder, PROMPT)) {
            Reference.assertActivations(local, transcoder, EXPECTED.readFloats(name + ".activations"));
            assertReconstruction(local, EXPECTED.readFloats(name + ".reconstruction"));
            float[] variance = EXPECTED.readFloats(name + ".explained_variance");
            for (int l = 0; l < transcoder.layers(); l++) {
                assertThat(1 - local.normalisedMse(l)).as("layer %d", l).isCloseTo(variance[l], within(1e-4));
            }
        }
    }

    /** At the unmasked positions. */
    private static void assertReconstruction(LocalReplacementModel local, float[] expected) {
        int layer = expected.length / model.config().layers();
        int masked = local.masked() * model.config().width();
        for (int l = 0; l < model.config().layers(); l++) {
            Reference.assertClose(
                    Arrays.copyOfRange(local.reconstruction(l), masked, layer),
                    Arrays.copyOfRange(expected, l * layer + masked, (l + 1) * layer),
                    1e-4);
        }
    }

    /** Read vectors are rows of an encoder that is stored the other way round: z is what they and the biases sum to. */
    @ParameterizedTest
    @ValueSource(strings = {"gemma-scope", "gemma-scope-2", "gemma-scope-2-clt"})
    void shouldConserveWhenAttributed(String name) {
        try (Transcoder transcoder = TranscoderFiles.load(FIXTURES.resolve(name));
                LocalReplacementModel local = LocalReplacementModel.build(model, transcoder, PROMPT)) {
            assertThat(Attributor.attribute(local, new AttributionOptions(10, 0.95, List.of(), 0), RowProgress.NONE)
                            .conservationError())
                    .isLessThan(1e-5);
        }
    }

    /** circuit-tracer's cache keeps Google's transcoders in its own layout: the same transcoder. */
    @Test
    void shouldBeTheSameTranscoderWhenItIsInTheOtherLayout() throws IOException {
        Path own = folder.resolve("own");
        Files.createDirectories(own);
        Files.writeString(own.resolve("config.yaml"), """
                model_kind: transcoder_set
                feature_input_hook: mlp.hook_in
                feature_output_hook: hook_mlp_out
                """);
        Path google = FIXTURES.resolve("gemma-scope-2/transcoder_all");
        for (int l = 0; l < 3; l++) {
            TensorFile file =
                    Safetensors.open(google.resolve("layer_" + l + "_width_16_l0_small_affine/params.safetensors"));
            new SafetensorsWriter()
                    .tensor("W_enc", transposed(file.readFloats("w_enc")), 16, 16)
                    .tensor("W_dec", file.readFloats("w_dec"), 16, 16)
                    .tensor("b_enc", file.readFloats("b_enc"), 16)
                    .tensor("b_dec", file.readFloats("b_dec"), 16)
                    .tensor("activation_function.threshold", file.readFloats("threshold"), 16)
                    .tensor("W_skip", transposed(file.readFloats("affine_skip_connection")), 16, 16)
                    .write(own.resolve("layer_" + l + ".safetensors"));
        }
        try (Transcoder one = TranscoderFiles.load(FIXTURES.resolve("gemma-scope-2"));
                Transcoder other = TranscoderFiles.load(own);
                NDArray clean = model.embedding().duplicate()) {
            for (int l = 0; l < 3; l++) {
                int[] features = {7, 0, 15};
                assertThat(one.reads(l, features, new int[3], clean).vectors())
                        .isEqualTo(other.reads(l, features, new int[3], clean).vectors());
                assertThat(one.decoderRows(l, features)).isEqualTo(other.decoderRows(l, features));
                assertThat(one.skip(l).toFloatArray()).isEqualTo(other.skip(l).toFloatArray());
            }
            assertThat(one.parameters()).isEqualTo(other.parameters()).isEqualTo(3 * (3 * 256 + 3 * 16));
        }
    }

    private static float[] transposed(float[] square) {
        float[] result = new float[square.length];
        for (int i = 0; i < square.length; i++) {
            result[i % 16 * 16 + i / 16] = square[i];
        }
        return result;
    }

    /** The content of the listed files tells a transcoder; where the folder is, and what else is in it, does not. */
    @Test
    void shouldBeKnownByTheListedFilesWhenTheFolderIsCopied() throws IOException {
        Path copy = copy("gemma-scope");
        String scan = scan(copy);
        assertThat(scan).isEqualTo(scan(FIXTURES.resolve("gemma-scope")));
        Files.writeString(copy.resolve("layer_0/README.md"), "not part of it");
        assertThat(scan(copy)).isEqualTo(scan);
        Path other = copy.resolve("layer_0/width_16/average_l0_5/params.npz");
        Files.copy(
                other, copy.resolve("layer_2/width_16/average_l0_5/params.npz"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(scan(copy)).isNotEqualTo(scan);
    }

    private static String scan(Path transcoder) {
        try (Transcoder read = TranscoderFiles.load(transcoder)) {
            assertThat(read.kind()).isEqualTo(Kind.PER_LAYER);
            return read.scan();
        }
    }

    private Path copy(String name) throws IOException {
        try (Stream<Path> files = Files.walk(FIXTURES.resolve(name))) {
            for (Path from : files.toList()) {
                Path to = folder.resolve(FIXTURES.relativize(from).toString());
                Files.createDirectories(to.getParent());
                if (Files.isRegularFile(from)) {
                    Files.copy(from, to);
                }
            }
        }
        return folder.resolve(name);
    }
}
