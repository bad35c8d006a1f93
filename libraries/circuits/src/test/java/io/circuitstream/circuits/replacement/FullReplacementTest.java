package io.circuitstream.circuits.replacement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.TinyTest;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FullReplacementTest extends TinyTest {
    @TempDir
    Path folder;

    /** m̂ from the replaced stream, one multiplication after another, for every layer of the replaced pass. */
    @ParameterizedTest
    @CsvSource({"CROSS_LAYER,RESID_MID,1", "CROSS_LAYER,MLP_IN,7", "PER_LAYER,MLP_IN,1", "PER_LAYER,RESID_MID,7"})
    void shouldWriteWhatIsComputedByHandWhenEveryMlpIsReplaced(Kind kind, InputSite site, int firstToken)
            throws IOException {
        Path files = TinyModels.transcoder(folder.resolve("t"), kind, site, true, 12);
        int[] prompt = PROMPT.clone();
        prompt[0] = firstToken;
        try (Transcoder used = TranscoderFiles.load(files);
                ForwardPass pass = FullReplacement.run(model, used, prompt)) {
            int d = used.width();
            for (int l = 0; l < used.layers(); l++) {
                float[] out = pass.mlpOut()[l].toFloatArray();
                for (int p = firstToken == 1 ? 1 : 0; p < prompt.length; p++) {
                    double[] expected = new double[d];
                    for (int j = 0; j < d; j++) {
                        expected[j] = used.decoderBias(l)[j];
                    }
                    for (int s = kind == Kind.CROSS_LAYER ? 0 : l; s <= l; s++) {
                        addWrites(used, s, l, site.in(pass, s).get(p).toFloatArray(), expected);
                    }
                    for (int j = 0; j < d; j++) {
                        assertThat(out[p * d + j])
                                .as("layer %d position %d", l, p)
                                .isCloseTo((float) expected[j], within(1e-4f));
                    }
                }
            }
        }
    }

    private static void addWrites(Transcoder used, int from, int to, float[] input, double[] expected) {
        int d = used.width();
        int[] all = IntStream.range(0, used.features(from)).toArray();
        float[] encoder = used.encoderRows(from, all);
        float[] decoder = used.decoderRows(from, all);
        for (int f : all) {
            float z = used.encoderBias(from, f);
            for (int j = 0; j < d; j++) {
                z += encoder[f * d + j] * input[j];
            }
            float a = used.activation(from, f, z);
            for (int j = 0; j < d; j++) {
                expected[j] += a * decoder[(f * used.span(from) + to - from) * d + j];
            }
        }
    }

    /** Masked BOS sees only itself: its stream is the clean model's, whatever the transcoder says elsewhere. */
    @Test
    void shouldKeepTheModelsOwnMlpWhenThePositionIsMasked() {
        try (ForwardPass clean = Forward.run(model, PROMPT);
                ForwardPass replaced = FullReplacement.run(model, transcoder, PROMPT)) {
            assertThat(replaced.logits(0)).containsExactly(clean.logits(0), within(1e-4f));
            assertThat(replaced.logits(3)).isNotEqualTo(clean.logits(3));
        }
    }

    @Test
    void shouldEqualTheCleanModelWhenOnlyBosIsThere() {
        try (ForwardPass clean = Forward.run(model, new int[] {1});
                ForwardPass replaced = FullReplacement.run(model, transcoder, new int[] {1})) {
            assertThat(replaced.logits(0)).containsExactly(clean.logits(0), within(1e-5f));
        }
    }
}
