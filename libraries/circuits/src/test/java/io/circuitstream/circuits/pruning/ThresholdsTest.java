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

    /** Sums of such scores are exact in any order, so that shares on a border are too. */
    @Test
    void shouldBeTheSortedCutWhenThereAreManyTies() {
        Random random = new Random(11);
        for (int round = 0; round < 2000; round++) {
            int sizes = 1 + random.nextInt(6);
            double[] scores = random.ints(1 + random.nextInt(200), 0, 1 << sizes)
                    .mapToDouble(i -> i / 16.)
                    .toArray();
            double total = Arrays.stream(scores).sum();
            double share =
                    random.nextBoolean() || total < 1 ? random.nextDouble() : (1 + random.nextInt((int) total)) / total;
            assertThat(Thresholds.cut(scores, share)).isEqualTo(SortedPruner.cut(scores, share));
        }
    }

    @Test
    void shouldBeTheSortedCutWhenScoresSpanManySizes() {
        Random random = new Random(12);
        for (int round = 0; round < 200; round++) {
            double spread = 12 * random.nextDouble();
            double[] scores = random.doubles(3000)
                    .map(v -> v < .2 ? 0 : Math.exp(spread * random.nextGaussian()))
                    .toArray();
            double share = random.nextDouble();
            assertThat(Thresholds.cut(scores, share)).isEqualTo(SortedPruner.cut(scores, share));
        }
    }

    /** More scores than are ever gathered, so close together that they differ in the last bits only, or not at all; and others. */
    @Test
    void shouldBeTheSortedCutWhenABucketIsTooFullToBeGathered() {
        Random random = new Random(13);
        for (int different : new int[] {1, 7, 1 << 14, 1 << 20, 1 << 30}) {
            double[] scores = random.ints(3 * CutSearch.SORTED, 0, different)
                    .mapToDouble(i -> i % 5 == 4 ? .5 + 7 * random.nextDouble() : 1 + i * Math.ulp(1.))
                    .toArray();
            for (double share : new double[] {.001, .25, .5, .6, .7, .8, .9, .9999}) {
                assertThat(Thresholds.cut(scores, share)).isEqualTo(SortedPruner.cut(scores, share));
            }
            assertThat(Thresholds.cut(scores, 1))
                    .isEqualTo(Arrays.stream(scores).min().orElseThrow());
        }
    }

    /** The smallest score does not move the sum in double. */
    @Test
    void shouldCutAtTheSmallestScoreWhenTheShareIsOne() {
        assertThat(Thresholds.cut(new double[] {1, 1e-30, 1, 0}, 1)).isEqualTo(1e-30);
        assertThat(Thresholds.cut(new double[] {1, Double.MIN_VALUE}, 1)).isEqualTo(Double.MIN_VALUE);
    }

    @Test
    void shouldAccumulateAsSortedWhenScoresAreRandom() {
        Random random = new Random(14);
        for (int round = 0; round < 500; round++) {
            double[] scores = random.ints(1 + random.nextInt(60), 0, 1 + random.nextInt(30))
                    .mapToDouble(i -> i / 3.)
                    .toArray();
            assertThat(Thresholds.cumulativeShares(scores)).isEqualTo(SortedPruner.cumulativeShares(scores));
        }
    }
}
