package io.circuitstream.circuits.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchSizesTest {
    private static final BatchSizes WIDE = new BatchSizes(4096, 128, 16);

    @Test
    void shouldKeepPositionsApartWhenEachHasEnoughTargets() {
        assertThat(WIDE.beginnings(repeated(40, 3))).containsExactly(80, 40, 0);
    }

    @Test
    void shouldPutPositionsTogetherWhenEachHasFewTargets() {
        assertThat(WIDE.beginnings(repeated(20, 5))).containsExactly(60, 20, 0);
    }

    @Test
    void shouldSplitAPositionWhenItHasMoreThanABatchHolds() {
        assertThat(WIDE.beginnings(repeated(300, 1))).containsExactly(172, 44, 0);
    }

    @Test
    void shouldTakeMoreTogetherWhenTheModelIsNarrow() {
        assertThat(new BatchSizes(128, 128, 16).beginnings(repeated(40, 4))).containsExactly(32, 0);
    }

    @Test
    void shouldHaveNoBatchWhenThereIsNoTarget() {
        assertThat(WIDE.beginnings(new int[0])).isEmpty();
    }

    private static int[] repeated(int each, int positions) {
        return IntStream.range(0, positions)
                .flatMap(p -> Arrays.stream(new int[each]).map(zero -> p))
                .toArray();
    }
}
