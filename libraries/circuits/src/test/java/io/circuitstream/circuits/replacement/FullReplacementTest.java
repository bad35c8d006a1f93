package io.circuitstream.circuits.replacement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.circuitstream.circuits.TinyFeatures;
import io.circuitstream.circuits.TinyTest;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FullReplacementTest extends TinyTest {
    @TempDir
    Path folder;

    /** m̂ from the replaced stream, one multiplication after another, for every layer of the replaced pass. */
    @ParameterizedTest
    @EnumSource
    void shouldWriteWhatIsComputedByHandWhenEveryMlpIsReplaced(TinyFeatures features) throws IOException {
        try (Transcoder used = features.open(folder, model)) {
            assertWrites(used, 1);
            assertWrites(used, 8);
        }
    }

    private static void assertWrites(Transcoder used, int firstToken) {
        int[] prompt = PROMPT.clone();
        prompt[0] = firstToken;
        try (ForwardPass pass = FullReplacement.run(model, used, prompt)) {
            int d = used.width();
            for (int l = 0; l < used.layers(); l++) {
                float[] out = pass.mlpOut()[l].toFloatArray();
                for (int p = firstToken == 1 ? 1 : 0; p < prompt.length; p++) {
                    double[] expected = new double[d];
                    for (int j = 0; j < d; j++) {
                        expected[j] = used.decoderBias(l)[j];
                    }
                    for (int s = used.kind() == Kind.CROSS_LAYER ? 0 : l; s <= l; s++) {
                        addWrites(used, s, l, used.site().in(pass, s), p, expected);
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

    private static void addWrites(Transcoder used, int from, int to, NDArray input, int position, double[] expected) {
        int d = used.width();
        int[] all = IntStream.range(0, used.features(from)).toArray();
        int[] here = new int[all.length];
        Arrays.fill(here, position);
        float[] u = input.get(position).toFloatArray();
        Transcoder.Reads reads = used.reads(from, all, here, input);
        float[] decoder = used.decoderRows(from, all);
        float[] z = reads.biases().clone();
        for (int f : all) {
            for (int j = 0; j < d; j++) {
                z[f] += reads.vectors()[f * d + j] * u[j];
            }
        }
        float[] a = used.activations(from, z);
        for (int f : all) {
            for (int j = 0; j < d; j++) {
                expected[j] += a[f] * decoder[(f * used.span(from) + to - from) * d + j];
            }
        }
        NDArray skip = from == to ? used.skip(from) : null;
        if (skip != null) {
            float[] weight = skip.toFloatArray();
            for (int i = 0; i < d * d; i++) {
                expected[i % d] += weight[i] * u[i / d];
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
