package io.circuitstream.circuits.intervention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.TinyTest;
import io.circuitstream.circuits.intervention.Change.Layers;
import io.circuitstream.circuits.intervention.Interventions.Effect;
import io.circuitstream.circuits.intervention.Interventions.Mode;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InterventionsTest extends TinyTest {
    private LocalReplacementModel local;

    @BeforeEach
    void build() {
        local = LocalReplacementModel.build(model, transcoder, PROMPT);
    }

    @AfterEach
    void free() {
        local.close();
    }

    private static double norm(float[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += (double) values[i] * values[i];
        }
        return Math.sqrt(sum);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void shouldMoveNothingWhenTheChangeIsZero(Mode mode) {
        Change none = Change.feature(local, 0, local.features().activation()[0], Layers.ALL_WRITTEN);
        Effect effect = new Interventions(local).run(none, mode);
        assertThat(effect.demeanedLogits()).containsOnly(0);
        for (double z : effect.preActivations()) {
            assertThat(z).isCloseTo(0, within(1e-6));
        }
    }

    @Test
    void shouldChangeTheOwnLayerOrEveryWrittenOneWhenAFeatureIsAblated() {
        Change own = Change.feature(local, 0, 0, Layers.OWN);
        Change all = Change.feature(local, 0, 0, Layers.ALL_WRITTEN);
        int layer = local.features().layer()[0];
        for (int l = 0; l < transcoder.layers(); l++) {
            assertThat(own.atOutput()[l] != null).isEqualTo(l == layer);
            assertThat(all.atOutput()[l] != null).isEqualTo(l >= layer);
        }
        assertThat(own.atOutput()[layer]).isEqualTo(all.atOutput()[layer]);
        assertThat(own.atEmbedding()).isNull();
    }

    @Test
    void shouldTakeAwayWhatTheFeatureWritesWhenItIsAblated() {
        int f = local.features().count() / 2;
        int l = local.features().layer()[f];
        int d = transcoder.width();
        float[] change = Change.feature(local, f, 0, Layers.OWN).atOutput()[l];
        float[] row = transcoder.decoderRows(l, new int[] {local.features().index()[f]});
        int p = local.features().position()[f];
        for (int i = 0; i < change.length; i++) {
            float expected = i / d == p ? -local.features().activation()[f] * row[i % d] : 0;
            assertThat(change[i]).isCloseTo(expected, within(1e-6f));
        }
    }

    @Test
    void shouldHaveTheNormOfTheAblationAtEveryLayerWhenTheDirectionIsRandom() {
        Random random = new Random(2);
        for (int f = 0; f < local.features().count(); f += 11) {
            float[][] ablation = Change.feature(local, f, 0, Layers.ALL_WRITTEN).atOutput();
            float[][] drawn =
                    Change.random(local, f, Layers.ALL_WRITTEN, random).atOutput();
            int from = local.features().position()[f] * transcoder.width();
            for (int l = local.features().layer()[f]; l < ablation.length; l++) {
                double expected = norm(ablation[l], 0, ablation[l].length);
                assertThat(norm(drawn[l], from, from + transcoder.width()))
                        .isCloseTo(expected, within(1e-5 * expected));
                assertThat(norm(drawn[l], 0, drawn[l].length)).isCloseTo(expected, within(1e-5 * expected));
                assertThat(drawn[l]).isNotEqualTo(ablation[l]);
            }
        }
    }

    @Test
    void shouldMoveOnlyLaterPositionsWhenAFeatureIsAblatedInTheModel() {
        int f = local.features().count() / 3;
        Effect effect = new Interventions(local).run(Change.feature(local, f, 0, Layers.OWN), Mode.MODEL);
        boolean moved = false;
        for (int i = 0; i < local.features().count(); i++) {
            boolean reached = local.features().position()[i] >= local.features().position()[f]
                    && local.features().layer()[i] > local.features().layer()[f];
            moved |= reached && effect.preActivations()[i] != 0;
            if (!reached) {
                assertThat(effect.preActivations()[i]).isCloseTo(0, within(2e-5));
            }
        }
        assertThat(moved).isTrue();
    }
}
