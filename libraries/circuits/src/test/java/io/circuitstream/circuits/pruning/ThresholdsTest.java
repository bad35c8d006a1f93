package io.circuitstream.circuits.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ThresholdsTest {
    @Test
    void shouldCutAtTheFirstScoreThatReachesTheShare() {
        double[] scores = {1, 8, 4, 0, 3};
        assertThat(Thresholds.cut(scores, .5)).isEqualTo(8);
        assertThat(Thresholds.cut(scores, .51)).isEqualTo(4);
        assertThat(Thresholds.cut(scores, .75)).isEqualTo(4);
        assertThat(Thresholds.cut(scores, .76)).isEqualTo(3);
        assertThat(Thresholds.cut(scores, 1)).isEqualTo(1);
    }

    @Test
    void shouldCutEverythingWhenNothingScores() {
        assertThat(Thresholds.cut(new double[3], .5)).isInfinite();
        assertThat(Thresholds.cut(new double[0], .5)).isInfinite();
        assertThat(Thresholds.cumulativeShares(new double[2])).containsExactly(1, 1);
    }

    @Test
    void shouldHoldTheShareWithNothingToSpareWhenScoresAreRandom() {
        Random random = new Random(9);
        for (int round = 0; round < 500; round++) {
            double[] scores = random.doubles(1 + random.nextInt(40))
                    .map(v -> v < .3 ? 0 : Math.pow(v, 8))
                    .toArray();
            double share = random.nextDouble();
            double total = Arrays.stream(scores).sum();
            if (total == 0) {
                continue;
            }
            double cut = Thresholds.cut(scores, share);
            assertThat(cut).isPositive();
            assertThat(Arrays.stream(scores).filter(s -> s >= cut).sum() / total)
                    .isGreaterThan(share - 1e-12);
            assertThat(Arrays.stream(scores).filter(s -> s > cut).sum() / total).isLessThan(share + 1e-12);
        }
    }

    @Test
    void shouldKeepEverythingAboveZeroWhenTheShareIsOne() {
        Random random = new Random(10);
        for (int round = 0; round < 500; round++) {
            double[] scores = random.doubles(30).map(v -> v / 3).toArray();
            assertThat(Thresholds.cut(scores, 1))
                    .isEqualTo(Arrays.stream(scores).min().orElseThrow());
        }
    }

    @Test
    void shouldAccumulateInDescendingOrderWithTiesByIndex() {
        assertThat(Thresholds.cumulativeShares(new double[] {1, 4, 0, 4, 1}))
                .containsExactly(new double[] {.9, .4, 1, .8, 1}, within(1e-15));
    }
}
