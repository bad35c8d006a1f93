package io.circuitstream.circuits.transcoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.circuits.LiveArrays;
import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.files.RawNpz;
import io.circuitstream.circuits.files.SafetensorsWriter;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders whose config.yaml lists a file for each layer: circuit-tracer's, GemmaScope's and GemmaScope 2's. */
class ListedTranscoderTest {
    private static final int FEATURES = 3;
    private static final int WIDTH = 2;

    @TempDir
    Path folder;

    private Path config(String kind, String list) throws IOException {
        Files.writeString(folder.resolve("config.yaml"), """
                model_kind: %s
                feature_input_hook: mlp.hook_in
                feature_output_hook: hook_mlp_out
                transcoders: %s
                """.formatted(kind, list));
        return folder;
    }

    private static void assertRefused(Path transcoder, String... words) {
        int before = LiveArrays.count();
        assertThatThrownBy(() -> TranscoderFiles.load(transcoder).close())
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(transcoder.toString())
                .hasMessageContainingAll(words);
        assertThat(LiveArrays.count()).isEqualTo(before);
    }

    @Test
    void shouldReadTheListedOrderWhenFilesHaveNamesOfTheirOwn() throws IOException {
        TinyModels.transcoder(folder, Kind.PER_LAYER, InputSite.MLP_IN, true, 3);
        try (Transcoder plain = TranscoderFiles.load(folder)) {
            config("transcoder_set", "[layer_2.safetensors, 'hf://owner/name/b/c.safetensors?revision=main']");
            Files.createDirectory(folder.resolve("b"));
            Files.move(folder.resolve("layer_0.safetensors"), folder.resolve("b/c.safetensors"));
            try (Transcoder listed = TranscoderFiles.load(folder)) {
                assertThat(listed.layers()).isEqualTo(2);
                assertThat(listed.decoderBias(0)).isEqualTo(plain.decoderBias(2));
                assertThat(listed.decoderBias(1)).isEqualTo(plain.decoderBias(0));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[../elsewhere.safetensors];transcoders has '../elsewhere.safetensors', which is no file below",
                "[/etc/passwd];transcoders has '/etc/passwd', which is no file below",
                "['hf://owner/name/../../../x.npz'];no file below this folder",
                "['hf://owner/name/?revision=x'];no file below this folder",
                "[.];no file below this folder",
                "[a/b.npz];b.npz: no such file; config.yaml lists it as 'a/b.npz'. Nothing is downloaded",
                "[\"a\\0b\"];which is no path",
                "[];transcoders must be a list",
                "[3];transcoders must be a list",
                "x.npz;transcoders must be a list"
            })
    void shouldSayWhatIsWrongWhenAnEntryIsNoFileOfTheFolder(String list, String words) throws IOException {
        assertRefused(config("transcoder_set", list), words);
    }

    private Path gemmaScope(String without, String wrong) throws IOException {
        RawNpz npz = new RawNpz();
        tensors("W_enc", "W_dec", without, wrong, npz::tensor);
        npz.write(folder.resolve("params.npz"));
        return config("transcoder_set", "[params.npz]");
    }

    private Path gemmaScope2(String kind, String without, String wrong) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        tensors("w_enc", "w_dec", without, wrong, (name, values, shape) -> {
            long[] longs = java.util.Arrays.stream(shape).asLongStream().toArray();
            if (kind.equals("cross_layer_transcoder") && name.equals("w_dec")) {
                longs = new long[] {FEATURES, 1, WIDTH};
            }
            writer.tensor(name, values, longs);
        });
        writer.write(folder.resolve("params.safetensors"));
        return config(kind, "[params.safetensors]");
    }

    private interface Sink {
        void tensor(String name, float[] values, int... shape);
    }

    private static void tensors(String encoder, String decoder, String without, String wrong, Sink sink) {
        for (String name : List.of(encoder, decoder, "b_enc", "b_dec", "threshold")) {
            int[] shape = name.equals(encoder)
                    ? new int[] {WIDTH, FEATURES}
                    : name.equals(decoder)
                            ? new int[] {FEATURES, WIDTH}
                            : new int[] {name.equals("b_dec") ? WIDTH : FEATURES};
            if (name.equals(wrong)) {
                shape = new int[] {7};
            }
            int size = java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            if (!name.equals(without)) {
                sink.tensor(name, new float[size], shape);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"W_enc", "W_dec", "b_enc", "b_dec", "threshold"})
    void shouldNameTheTensorWhenGemmaScopesIsMissingOrOfAnotherShape(String tensor) throws IOException {
        assertRefused(gemmaScope(tensor, ""), "params.npz", "tensor " + tensor + " is missing");
        assertRefused(gemmaScope("", tensor), "params.npz", "tensor " + tensor + " has shape [7]");
        try (Transcoder whole = TranscoderFiles.load(gemmaScope("", ""))) {
            assertThat(whole.width()).isEqualTo(WIDTH);
            assertThat(whole.features(0)).isEqualTo(FEATURES);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "transcoder_set,w_dec",
        "transcoder_set,threshold",
        "transcoder_set,b_enc",
        "cross_layer_transcoder,b_dec",
        "cross_layer_transcoder,threshold"
    })
    void shouldNameTheTensorWhenGemmaScope2sIsMissingOrOfAnotherShape(String kind, String tensor) throws IOException {
        assertRefused(gemmaScope2(kind, tensor, ""), "params.safetensors", "tensor " + tensor + " is missing");
        assertRefused(gemmaScope2(kind, "", tensor), "params.safetensors", "tensor " + tensor + " has shape [7]");
        try (Transcoder whole = TranscoderFiles.load(gemmaScope2(kind, "", ""))) {
            assertThat(whole.features(0)).isEqualTo(FEATURES);
        }
    }

    @Test
    void shouldSayTheShapesWhenTheKindIsTheOther() throws IOException {
        gemmaScope2("cross_layer_transcoder", "", "");
        assertRefused(
                config("transcoder_set", "[params.safetensors]"), "tensor w_dec has shape [3, 1, 2], expected [3, 2]");
        gemmaScope("", "");
        assertRefused(config("cross_layer_transcoder", "[params.npz]"), "params.npz", "transcoder_set");
    }

    @Test
    void shouldNameTheFileWhenAnNpzIsCut() throws IOException {
        Path transcoder = gemmaScope("", "");
        Path npz = folder.resolve("params.npz");
        byte[] bytes = Files.readAllBytes(npz);
        Files.write(npz, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertRefused(transcoder, "params.npz", "is no .npz that can be read");
    }
}
