package io.circuitstream.circuits.transcoder;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import io.circuitstream.circuits.transcoder.TranscoderWriter.LayerWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TranscoderRoundTripTest {
    @TempDir
    Path folder;

    private static float[] random(Random random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource({
        "CROSS_LAYER,RESID_MID,true,true",
        "CROSS_LAYER,MLP_IN,false,false",
        "PER_LAYER,MLP_IN,true,false",
        "PER_LAYER,RESID_MID,false,true"
    })
    void shouldReadWhatWasWrittenWhenLayersDifferInSize(Kind kind, InputSite site, boolean jump, boolean skip)
            throws IOException {
        Random random = new Random(8);
        int width = 5;
        List<LayerWeights> written = new ArrayList<>();
        for (int l = 0; l < 3; l++) {
            int features = 4 + l;
            int span = kind == Kind.CROSS_LAYER ? 3 - l : 1;
            written.add(new LayerWeights(
                    random(random, features * width),
                    random(random, features),
                    jump ? random(random, features) : null,
                    random(random, features * span * width),
                    random(random, width),
                    skip ? random(random, width * width) : null));
        }
        TranscoderWriter.write(folder.resolve("t"), kind, site, "tiny", "tiny-tc", written);

        try (Transcoder read = TranscoderFiles.load(folder.resolve("t"))) {
            assertThat(read.kind()).isEqualTo(kind);
            assertThat(read.site()).isEqualTo(site);
            assertThat(read.layers()).isEqualTo(3);
            assertThat(read.width()).isEqualTo(width);
            for (int l = 0; l < 3; l++) {
                assertLayer(read, l, written.get(l));
            }
        }
    }

    private static void assertLayer(Transcoder read, int l, LayerWeights w) {
        int width = read.width();
        int span = read.kind() == Kind.CROSS_LAYER ? 3 - l : 1;
        assertThat(read.features(l)).isEqualTo(4 + l);
        assertThat(read.span(l)).isEqualTo(span);
        assertThat(read.decoderBias(l)).isEqualTo(w.decoderBias());
        for (int f = 0; f < 4 + l; f++) {
            assertThat(read.decoderRows(l, new int[] {f}))
                    .isEqualTo(java.util.Arrays.copyOfRange(w.decoder(), f * span * width, (f + 1) * span * width));
        }
        int[] last = {3 + l, 0};
        try (NDManager manager = NDManager.newBaseManager()) {
            Transcoder.Reads reads = read.reads(l, last, new int[2], manager.zeros(new Shape(1, width)));
            assertThat(reads.biases()).containsExactly(w.encoderBias()[last[0]], w.encoderBias()[0]);
            for (int j = 0; j < width; j++) {
                assertThat(reads.vectors()[j]).isEqualTo(w.encoder()[last[0] * width + j]);
                assertThat(reads.vectors()[width + j]).isEqualTo(w.encoder()[j]);
            }
        }
        float[] cut = w.threshold() == null ? new float[4 + l] : w.threshold();
        float[] above = new float[4 + l];
        for (int f = 0; f < above.length; f++) {
            above[f] = Math.nextUp(cut[f]);
        }
        assertThat(read.activations(l, cut)).containsOnly(0);
        assertThat(read.activations(l, above)).isEqualTo(above);
        NDArray skip = read.skip(l);
        assertThat(skip == null ? null : skip.toFloatArray()).isEqualTo(w.skip());
    }

    /** Per layer [out, in], as circuit-tracer stores it; cross-layer [in, out], as it has it in memory. */
    @ParameterizedTest
    @CsvSource({"PER_LAYER,layer_1.safetensors,W_skip,true", "CROSS_LAYER,W_enc_1.safetensors,W_skip_1,false"})
    void shouldStoreTheLayoutsOrientationWhenASkipIsWritten(Kind kind, String file, String tensor, boolean transposed)
            throws IOException {
        float[] skip = {1, 2, 3, 4};
        LayerWeights one = new LayerWeights(new float[2], new float[1], null, new float[2], new float[2], skip);
        LayerWeights zero = kind == Kind.CROSS_LAYER
                ? new LayerWeights(new float[2], new float[1], null, new float[4], new float[2])
                : one;
        TranscoderWriter.write(folder.resolve("t"), kind, InputSite.MLP_IN, "tiny", "t", List.of(zero, one));
        assertThat(Safetensors.open(folder.resolve("t").resolve(file)).readFloats(tensor, 2, 2))
                .containsExactly(transposed ? new float[] {1, 3, 2, 4} : skip);
    }
}
