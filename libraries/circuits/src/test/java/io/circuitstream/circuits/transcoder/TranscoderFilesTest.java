package io.circuitstream.circuits.transcoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.circuits.LiveArrays;
import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.files.SafetensorsWriter;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.io.IOException;
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
