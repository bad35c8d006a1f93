package io.circuitstream.circuits.transcoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.circuits.LiveArrays;
import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.files.SafetensorsWriter;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import io.circuitstream.circuits.transcoder.TranscoderWriter.LayerWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TopKTest {
    @TempDir
    Path folder;

    private static float[] top(int k, float... z) {
        return new Activation.TopK(k).of(z, z.length);
    }

    @Test
    void shouldKeepTheLargestWhenThereAreMore() {
        assertThat(top(2, 1, 5, 3, 4)).containsExactly(0, 5, 0, 4);
    }

    @Test
    void shouldKeepNegativesWhenTheyAreAmongTheLargest() {
        assertThat(top(3, -5, 2, -1, -3)).containsExactly(0, 2, -1, -3);
    }

    @Test
    void shouldTakeTheLowerIndexWhenPreActivationsTie() {
        assertThat(top(3, 7, 1, 7, 1, 1)).containsExactly(7, 1, 7, 0, 0);
        assertThat(top(1, 2, 2)).containsExactly(2, 0);
    }

    @Test
    void shouldCountAZeroAsInactiveWhenItIsAmongTheLargest() {
        assertThat(top(2, 0, -1, 0, -2)).containsOnly(0);
        assertThat(top(1, -1, -0f)[1] != 0).isFalse();
        assertThat(top(3, 0, -1, 0, -2)).containsExactly(0, -1, 0, 0);
    }

    /** Few values, so that ties happen at the cut; every row on its own. */
    @Test
    void shouldEqualAStableSortWhenRowsAreRandom() {
        Random random = new Random(6);
        int features = 12;
        float[] z = new float[50 * features];
        for (int i = 0; i < z.length; i++) {
            z[i] = random.nextInt(9) - 4;
        }
        for (int k = 1; k <= features; k++) {
            float[] expected = new float[z.length];
            for (int row = 0; row < z.length; row += features) {
                IntStream.range(row, row + features)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer i) -> -z[i]).thenComparingInt(i -> i))
                        .limit(k)
                        .forEach(i -> expected[i] = z[i]);
            }
            assertThat(new Activation.TopK(k).of(z, features)).isEqualTo(expected);
        }
    }

    private Path write(Kind kind, float[] threshold) throws IOException {
        LayerWeights layer = new LayerWeights(new float[8], new float[4], threshold, new float[8], new float[2], null);
        TranscoderWriter.writeTopK(folder.resolve("t"), kind, InputSite.MLP_IN, "tiny", "t", 2, List.of(layer));
        return folder.resolve("t");
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeTopKAgainWhenItWasWritten(Kind kind) throws IOException {
        try (Transcoder read = TranscoderFiles.load(write(kind, null))) {
            assertThat(read.activations(0, new float[] {1, -2, 3, 2, -1, -1, -1, -1}))
                    .containsExactly(0, 0, 3, 2, -1, -1, 0, 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void shouldTakeKFromTheLayersFileWhenTheConfigHasNone(boolean integer) throws IOException {
        Path transcoder = write(Kind.PER_LAYER, null);
        config(transcoder, "k: 2\n", "");
        assertRefused(transcoder, "config.yaml", "activation topk needs k");
        scalar(transcoder.resolve("layer_0.safetensors"), integer, 3);
        try (Transcoder read = TranscoderFiles.load(transcoder)) {
            assertThat(read.activations(0, new float[] {4, 3, 2, 1})).containsExactly(4, 3, 2, 0);
        }
        scalar(transcoder.resolve("layer_0.safetensors"), integer, 0);
        assertRefused(transcoder, "layer_0.safetensors", "k is 0");
    }

    private static void scalar(Path file, boolean integer, int k) throws IOException {
        Safetensors old = Safetensors.open(file);
        SafetensorsWriter writer = new SafetensorsWriter();
        for (String name : old.entries().keySet()) {
            if (!name.equals("k")) {
                writer.tensor(name, old.readFloats(name), old.shape(name));
            }
        }
        if (integer) {
            writer.ints("k", new int[] {k});
        } else {
            writer.tensor("k", new float[] {k});
        }
        writer.write(file);
    }

    @ParameterizedTest
    @CsvSource({
        "k: 0,k is 0",
        "k: -3,k is -3",
        "k: 2.5,k is 2.5",
        "k: many,k is many",
        "k: 5,must be 1 to the layer's 4"
    })
    void shouldRefuseWhenKIsNoNumberOfFeatures(String k, String words) throws IOException {
        Path transcoder = write(Kind.CROSS_LAYER, null);
        config(transcoder, "k: 2", k);
        assertRefused(transcoder, words);
    }

    @Test
    void shouldRefuseWhenThereAreThresholdsToo() throws IOException {
        assertRefused(write(Kind.CROSS_LAYER, new float[4]), "W_enc_0.safetensors", "threshold_0", "topk");
    }

    private static void config(Path transcoder, String from, String to) throws IOException {
        Path config = transcoder.resolve("config.yaml");
        Files.writeString(config, Files.readString(config).replace(from, to));
    }

    private static void assertRefused(Path transcoder, String... words) {
        int before = LiveArrays.count();
        assertThatThrownBy(() -> TranscoderFiles.load(transcoder).close())
                .isInstanceOf(ModelFileException.class)
                .hasMessageContainingAll(words);
        assertThat(LiveArrays.count()).isEqualTo(before);
    }
}
