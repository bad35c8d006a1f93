package io.circuitstream.circuits.transcoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.circuits.LiveArrays;
import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.files.SafetensorsWriter;
import io.circuitstream.circuits.model.ModelConfig;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TranscoderFilesTest {
    @TempDir
    Path folder;

    private Path write(Kind kind) throws IOException {
        return TinyModels.transcoder(folder.resolve(kind.name()), kind, InputSite.MLP_IN, true, 3);
    }

    private static void assertRefused(Path transcoder, String... words) {
        int before = LiveArrays.count();
        assertThatThrownBy(() -> TranscoderFiles.load(transcoder).close())
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(transcoder.toString())
                .hasMessageContainingAll(words);
        assertThat(LiveArrays.count()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"CROSS_LAYER", "PER_LAYER"})
    void shouldBeKnownByItsContentWhenTheFolderIsRenamedOrAWeightChanges(Kind kind) throws IOException {
        Path transcoder = write(kind);
        String scan = scan(transcoder);
        assertThat(scan(transcoder)).isEqualTo(scan);
        Path renamed = Files.move(transcoder, folder.resolve("renamed"));
        Files.writeString(renamed.resolve("README.md"), "not part of it");
        assertThat(scan(renamed)).isEqualTo(scan);
        Path file = renamed.resolve(kind == Kind.CROSS_LAYER ? "W_dec_2.safetensors" : "layer_2.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 4] ^= 1;
        Files.write(file, bytes);
        assertThat(scan(renamed)).isNotEqualTo(scan);
    }

    private static String scan(Path transcoder) {
        try (Transcoder read = TranscoderFiles.load(transcoder)) {
            return read.scan();
        }
    }

    @Test
    void shouldSayWhichOptionWhenTheConfigIsMissing() throws IOException {
        Path transcoder = write(Kind.CROSS_LAYER);
        Files.delete(transcoder.resolve("config.yaml"));
        assertRefused(transcoder, "config.yaml", "missing", "--transcoder");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "cross_layer_transcoder;sae;model_kind 'sae';cross_layer_transcoder, transcoder_set",
                "mlp.hook_in;hook_resid_pre;feature_input_hook 'hook_resid_pre';hook_resid_mid, ln2.hook_normalized, mlp.hook_in",
                "hook_mlp_out;hook_resid_post;feature_output_hook 'hook_resid_post';not supported",
                "model_name: tiny;activation: gelu;activation 'gelu';supported are relu, jump_relu, topk",
                "model_name: tiny;k: 3;k is given without an activation;'activation: topk'",
                "model_kind: cross_layer_transcoder;;model_kind ''; supported",
                "model_kind:;'model_kind: [';config.yaml;YAML"
            })
    void shouldSayWhatIsSupportedWhenTheConfigNamesSomethingElse(String from, String to, String word, String more)
            throws IOException {
        Path transcoder = write(Kind.CROSS_LAYER);
        Path config = transcoder.resolve("config.yaml");
        Files.writeString(config, Files.readString(config).replace(from, to == null ? "" : to));
        assertRefused(transcoder, "config.yaml", word, more);
    }

    @ParameterizedTest
    @CsvSource({
        "CROSS_LAYER,W_enc_0.safetensors,W_enc_0",
        "CROSS_LAYER,W_enc_1.safetensors,W_enc_1",
        "CROSS_LAYER,W_dec_3.safetensors,W_dec_3",
        "PER_LAYER,layer_0.safetensors,layer_0",
        "PER_LAYER,layer_2.safetensors,layer_2"
    })
    void shouldNameTheFileWhenALayerIsMissing(Kind kind, String file, String word) throws IOException {
        Path transcoder = write(kind);
        Files.delete(transcoder.resolve(file));
        assertRefused(transcoder, word);
    }

    @Test
    void shouldNameTheFirstMissingLayerWhenTheGapIsWide() throws IOException {
        Path transcoder = write(Kind.PER_LAYER);
        Files.delete(transcoder.resolve("layer_1.safetensors"));
        Files.delete(transcoder.resolve("layer_2.safetensors"));
        assertRefused(transcoder, "layer_1.safetensors: no such file");
    }

    @ParameterizedTest
    @CsvSource({
        "CROSS_LAYER,W_enc_1.safetensors,W_enc_1",
        "CROSS_LAYER,W_enc_1.safetensors,b_enc_1",
        "CROSS_LAYER,W_enc_1.safetensors,b_dec_1",
        "CROSS_LAYER,W_enc_1.safetensors,threshold_1",
        "CROSS_LAYER,W_dec_1.safetensors,W_dec_1",
        "PER_LAYER,layer_1.safetensors,W_enc",
        "PER_LAYER,layer_1.safetensors,W_dec",
        "PER_LAYER,layer_1.safetensors,b_enc",
        "PER_LAYER,layer_1.safetensors,b_dec",
        "PER_LAYER,layer_1.safetensors,activation_function.threshold",
        "PER_LAYER,layer_1.safetensors,W_skip",
        "CROSS_LAYER,W_enc_1.safetensors,W_skip_1"
    })
    void shouldNameTheTensorWhenItHasAnotherShape(Kind kind, String file, String tensor) throws IOException {
        Path transcoder = write(kind);
        rewrite(transcoder.resolve(file), tensor, new float[7]);
        assertRefused(transcoder, file, "tensor " + tensor, "[7]");
    }

    @ParameterizedTest
    @CsvSource({
        "CROSS_LAYER,W_enc_0.safetensors,threshold_0",
        "PER_LAYER,layer_0.safetensors,activation_function.threshold"
    })
    void shouldRefuseWhenTheConfigSaysJumpReluAndThereAreNoThresholds(Kind kind, String file, String tensor)
            throws IOException {
        Path transcoder = TinyModels.transcoder(folder.resolve("relu"), kind, InputSite.MLP_IN, false, 3);
        Files.writeString(
                transcoder.resolve("config.yaml"), "activation: jump_relu\n", java.nio.file.StandardOpenOption.APPEND);
        assertRefused(transcoder, file, "tensor " + tensor + " is missing");
    }

    private static void rewrite(Path file, String tensor, float[] values) throws IOException {
        Safetensors old = Safetensors.open(file);
        SafetensorsWriter writer = new SafetensorsWriter().tensor(tensor, values, values.length);
        for (String name : old.entries().keySet()) {
            if (!name.equals(tensor)) {
                writer.tensor(name, old.readFloats(name), old.shape(name));
            }
        }
        writer.write(file);
    }

    /** Thresholds of another name would make another transcoder, and nothing else would show it. */
    @ParameterizedTest
    @CsvSource({"threshold", "log_thresholds", "W_skip_0"})
    void shouldRefuseWhenALayerHasATensorOfNoName(String stranger) throws IOException {
        Path transcoder = write(Kind.PER_LAYER);
        rewrite(transcoder.resolve("layer_1.safetensors"), stranger, new float[7]);
        assertRefused(transcoder, "layer_1.safetensors", "[" + stranger + "]", "do not belong");
    }

    @Test
    void shouldListTheLayoutsAndWhatIsThereWhenTheFolderIsOfNone() throws IOException {
        Path transcoder = write(Kind.CROSS_LAYER);
        Path config = transcoder.resolve("config.yaml");
        Files.writeString(config, Files.readString(config).replace("cross_layer_transcoder", "transcoder_set"));
        assertRefused(
                transcoder, "has no layer_0.safetensors", "Found: W_dec_0.safetensors, ", "params.npz", "W_enc_0");
        Files.delete(config);
        assertRefused(transcoder, "config.yaml is missing", "Found: W_dec_0.safetensors, ", "params.npz", "W_enc_0");
        assertRefused(folder.resolve("nowhere"), "config.yaml is missing", "no such folder");
    }

    /** Far more is claimed, and is there as a hole in the file, than could be read. */
    @Test
    void shouldReadNothingLargeWhenALaterLayerIsWrong() throws IOException {
        Path transcoder = Files.createDirectories(folder.resolve("t"));
        Files.writeString(transcoder.resolve("config.yaml"), """
                model_kind: transcoder_set
                feature_input_hook: mlp.hook_in
                feature_output_hook: hook_mlp_out
                """);
        sparseLayer(transcoder.resolve("layer_0.safetensors"), "F32", 4);
        sparseLayer(transcoder.resolve("layer_1.safetensors"), "I32", 4);
        var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertRefused(transcoder, "layer_1.safetensors", "tensor W_dec is of type I32"); // loads classes
        long before = thread.getCurrentThreadAllocatedBytes();
        assertRefused(transcoder, "layer_1.safetensors", "tensor W_dec is of type I32");
        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(2 << 20);
    }

    /** 65,536 features of width 4096: encoder and decoder of 1 GiB each. */
    private static void sparseLayer(Path file, String decoderType, int bytes) throws IOException {
        long features = 1L << 16;
        long matrix = (features << 12) * bytes;
        String header = ("{'W_enc': {'dtype': 'F32', 'shape': [%d, 4096], 'data_offsets': [0, %d]},"
                        + "'W_dec': {'dtype': '%s', 'shape': [%d, 4096], 'data_offsets': [%d, %d]},"
                        + "'b_enc': {'dtype': 'F32', 'shape': [%d], 'data_offsets': [%d, %d]},"
                        + "'b_dec': {'dtype': 'F32', 'shape': [4096], 'data_offsets': [%d, %d]}}")
                .formatted(
                        features,
                        matrix,
                        decoderType,
                        features,
                        matrix,
                        2 * matrix,
                        features,
                        2 * matrix,
                        2 * matrix + 4 * features,
                        2 * matrix + 4 * features,
                        2 * matrix + 4 * features + 4 * 4096)
                .replace('\'', '"');
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] json = header.getBytes(StandardCharsets.UTF_8);
            out.writeLong(Long.reverseBytes(json.length));
            out.write(json);
            out.setLength(8 + json.length + 2 * matrix + 4 * features + 4 * 4096);
        }
    }

    /** What TransformerLens calls mlp.hook_out is before Gemma's post-norm, and our features write after it. */
    @Test
    void shouldRefuseAPostNormModelWhenFeaturesWriteBeforeTheNorm() throws IOException {
        Path transcoder = TinyModels.transcoder(folder.resolve("t"), Kind.PER_LAYER, InputSite.MLP_IN, true, 3, 3, 16);
        Path config = transcoder.resolve("config.yaml");
        Files.writeString(config, Files.readString(config).replace("hook_mlp_out", "mlp.hook_out"));
        ModelConfig gemma = ModelConfig.read(Path.of("src/test/resources/architectures/gemma2"));
        ModelConfig llama = ModelConfig.read(Path.of("src/test/resources/architectures/llama3"));
        try (Transcoder before = TranscoderFiles.load(transcoder)) {
            assertThatCode(() -> before.requireFits(llama)).doesNotThrowAnyException();
            assertThatThrownBy(() -> before.requireFits(gemma))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContainingAll("config.yaml", "mlp.hook_out", "gemma2", "hook_mlp_out");
        }
        Files.writeString(config, Files.readString(config).replace("mlp.hook_out", "hook_mlp_out"));
        try (Transcoder after = TranscoderFiles.load(transcoder)) {
            assertThatCode(() -> after.requireFits(gemma)).doesNotThrowAnyException();
        }
    }

    /** M2: what belongs to another model is refused, naming both. */
    @ParameterizedTest
    @CsvSource({"3,24,3 layers of width 24", "4,16,4 layers of width 16"})
    void shouldNameBothWhenTheTranscoderIsOfAnotherModel(int layers, int width, String words) throws IOException {
        Path model = TinyModels.llama(folder.resolve("model"), 1);
        Path transcoder =
                TinyModels.transcoder(folder.resolve("t"), Kind.CROSS_LAYER, InputSite.MLP_IN, true, 3, layers, width);
        int before = LiveArrays.count();
        assertThatThrownBy(() -> TraceableModel.load(model, transcoder, 2).close())
                .isInstanceOf(ModelFileException.class)
                .hasMessageContainingAll(transcoder.toString(), words, "the model has 4 of width 24");
        assertThat(LiveArrays.count()).isEqualTo(before);
    }

    @Test
    void shouldFreeTheModelWhenTheTranscoderCannotBeRead() throws IOException {
        Path model = TinyModels.llama(folder.resolve("model"), 1);
        int before = LiveArrays.count();
        assertThatThrownBy(() ->
                        TraceableModel.load(model, folder.resolve("nowhere"), 2).close())
                .isInstanceOf(ModelFileException.class);
        assertThat(LiveArrays.count()).isEqualTo(before);
    }
}
