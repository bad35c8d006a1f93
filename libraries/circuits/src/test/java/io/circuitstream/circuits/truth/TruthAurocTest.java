package io.circuitstream.circuits.truth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TruthAurocTest {
    private static final boolean[] TRUTH = {true, true, false, false};

    @Test
    void shouldBeOneWhenEverythingTrueIsAboveEverythingFalse() {
        assertThat(Auroc.of(new double[] {.4, .3, .2, .1}, TRUTH)).isEqualTo(1);
        assertThat(Auroc.of(new double[] {.1, .2, .3, .4}, TRUTH)).isZero();
    }

    @Test
    void shouldCountTheShareOfPairsInOrderWhenTheRankingIsMixed() {
        assertThat(Auroc.of(new double[] {.4, .1, .2, 0}, TRUTH)).isEqualTo(.75);
    }

    @Test
    void shouldCountHalfWhenScoresTie() {
        assertThat(Auroc.of(new double[4], TRUTH)).isEqualTo(.5);
        assertThat(Auroc.of(new double[] {.4, .2, .2, 0}, TRUTH)).isEqualTo(.875);
    }

    @Test
    void shouldRankLastWhenWhatIsTrueHasNoScore() {
        assertThat(Scores.auroc(Map.of("a", .9, "b", .1), Set.of("a"))).isEqualTo(1);
        assertThat(Scores.auroc(Map.of("a", .9, "b", .1), Set.of("a", "missing")))
                .isEqualTo(.5);
    }

    @Test
    void shouldRefuseWhenThereIsNothingToRank() {
        assertThatThrownBy(() -> Auroc.of(new double[] {1, 2}, new boolean[] {true, true}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 true and 0 false");
    }
}
