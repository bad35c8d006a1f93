package io.circuitstream.circuits.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenEffectsTest {
    private static final int WIDTH = TinyModels.WIDTH;

    @TempDir
    Path folder;

    private TraceableModel model;

    @BeforeEach
    void load() throws Exception {
        model = TraceableModel.load(
                TinyModels.llama(folder.resolve("tiny"), 11),
                TinyModels.transcoder(folder.resolve("clt"), Kind.CROSS_LAYER, InputSite.RESID_MID, true, 12),
                1);
    }

    @AfterEach
    void close() {
        model.close();
    }

    /** One product after the other: what a feature of layer 1 writes at layers 1, 2 and 3, read by one token. */
    private double[] loops(int layer, int feature) {
        float[] rows = model.transcoder().decoderRows(layer, new int[] {feature});
        float[] gain = model.model().finalNorm().gain().toFloatArray();
        float[] unembedding = model.model().unembedding().toFloatArray();
        double[] effects = new double[TinyModels.VOCABULARY];
        for (int v = 0; v < effects.length; v++) {
            for (int i = 0; i < rows.length; i++) {
                effects[v] += (double) rows[i] * gain[i % WIDTH] * unembedding[v * WIDTH + i % WIDTH];
            }
        }
        double mean = Arrays.stream(effects).average().orElseThrow();
        return Arrays.stream(effects).map(effect -> effect - mean).toArray();
    }

    @Test
    void shouldSumTheDecodersOverAllLayersWhenAFeatureWritesToSeveral() {
        double[] expected = loops(1, 7);

        float[] effects = new TokenEffects(model, 10).effects(1, 7);

        assertThat(model.transcoder().span(1)).isEqualTo(3);
        for (int v = 0; v < expected.length; v++) {
            // 72 products of numbers around 1 in float32.
            assertThat((double) effects[v]).isCloseTo(expected[v], within(1e-5));
        }
    }

    @Test
    void shouldRankTheLargestAndTheSmallestWhenAskedForAFew() {
        double[] expected = loops(0, 3);
        int[] order = IntStream.range(0, expected.length)
                .boxed()
                .sorted(Comparator.comparingDouble(v -> -expected[v]))
                .mapToInt(Integer::intValue)
                .toArray();

        TokenEffects.Effects effects = new TokenEffects(model, 4).of(0, 3);

        assertThat(effects.promoted()).containsExactly(Arrays.copyOf(order, 4));
        assertThat(effects.suppressed())
                .containsExactly(
                        order[order.length - 1],
                        order[order.length - 2],
                        order[order.length - 3],
                        order[order.length - 4]);
        assertThat(effects.promotedEffect()[0]).isPositive().isGreaterThan(effects.promotedEffect()[1]);
        assertThat(effects.suppressedEffect()[0]).isNegative();
    }

    @Test
    void shouldRankTheWholeVocabularyWhenItIsSmallerThanAskedFor() {
        assertThat(new TokenEffects(model, 1_000).of(0, 0).promoted()).hasSize(TinyModels.VOCABULARY);
    }

    @Test
    void shouldRefuseAFeatureThatDoesNotExist() {
        TokenEffects effects = new TokenEffects(model, 4);

        assertThatThrownBy(() -> effects.of(0, TinyModels.FEATURES)).hasMessageContaining("no feature 0/30");
        assertThatThrownBy(() -> effects.of(TinyModels.LAYERS, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
