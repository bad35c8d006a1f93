package io.circuitstream.circuits.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.TinyTest;
import io.circuitstream.circuits.graph.LogitTarget;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogitTargetsTest extends TinyTest {
    /** Logits whose softmax is the given probabilities; what is left over goes to the last token. */
    private static float[] logits(double... p) {
        float[] logits = new float[TinyModels.VOCABULARY];
        Arrays.fill(logits, -200);
        for (int i = 0; i < p.length; i++) {
            logits[i] = (float) Math.log(p[i]);
        }
        return logits;
    }

    private static List<Integer> chosen(float[] logits, int max, double probability, int... tokens) {
        return LogitTargets.select(logits, AttributionOptions.ofTokens(max, probability, tokens, 0), model).stream()
                .map(LogitTarget::tokenId)
                .toList();
    }

    @Test
    void shouldStopAtTheFirstTokenWhenItsCumulativeProbabilityReachesTheShare() {
        float[] logits = logits(.125, .5, .25, .0625, .0625);
        assertThat(chosen(logits, 10, .74)).containsExactly(1, 2);
        assertThat(chosen(logits, 10, .76)).containsExactly(1, 2, 0);
        assertThat(chosen(logits, 10, .4)).containsExactly(1);
    }

    @Test
    void shouldStopWhenTheShareIsReachedExactly() {
        // Logits 0 and 0, the rest nothing: one half each, exactly.
        assertThat(chosen(logits(1, 1), 10, .5)).containsExactly(0);
        assertThat(chosen(logits(1, 1), 10, Math.nextUp(.5))).containsExactly(0, 1);
    }

    @Test
    void shouldTakeLowerIdsFirstWhenProbabilitiesAreEqual() {
        float[] flat = new float[TinyModels.VOCABULARY];
        assertThat(chosen(flat, 4, 1)).containsExactly(0, 1, 2, 3);
        flat[30] = 1;
        flat[20] = 1;
        assertThat(chosen(flat, 4, 1)).containsExactly(20, 30, 0, 1);
    }

    @Test
    void shouldTakeNoMoreThanAllowedWhenTheDistributionIsFlat() {
        assertThat(chosen(new float[TinyModels.VOCABULARY], 10, .95)).hasSize(10);
    }

    @Test
    void shouldKeepTheGivenOrderWhenTokensAreExplicit() {
        float[] logits = logits(.5, .25, .25);
        assertThat(chosen(logits, 1, .95, 2, 0, 39, 2)).containsExactly(2, 0, 39);
        List<LogitTarget> targets =
                LogitTargets.select(logits, AttributionOptions.ofTokens(1, .95, new int[] {2, 0}, 0), model);
        assertThat(targets.get(0).probability()).isCloseTo(.25f, within(1e-6f));
        assertThat(targets.get(0).token()).isEqualTo("w2");
    }

    @Test
    void shouldRefuseATargetWhenItIsNotInTheVocabulary() {
        for (int id : new int[] {-1, TinyModels.VOCABULARY}) {
            assertThatThrownBy(() -> chosen(logits(1), 1, .95, id))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("target token " + id + " is not in the vocabulary of 40");
        }
    }

    @Test
    void shouldRefuseOptionsWhenTheyMeanNothing() {
        assertThatThrownBy(() -> chosen(logits(1), 0, .95)).hasMessageContaining("max logits is 0");
        for (double p : new double[] {0, -1, 1.01, Double.NaN}) {
            assertThatThrownBy(() -> chosen(logits(1), 1, p)).hasMessageContaining("logit probability is " + p);
        }
        for (double d : new double[] {1, -.1, Double.NaN}) {
            assertThatThrownBy(() -> AttributionOptions.ofTokens(1, 1, new int[0], d))
                    .hasMessageContaining("row drop is " + d);
        }
    }

    @Test
    void shouldSumToOneWhenLogitsAreLarge() {
        double[] p = LogitTargets.probabilities(new float[] {1000, 1000, -1000});
        assertThat(p).containsExactly(.5, .5, 0);
    }
}
