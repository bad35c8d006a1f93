package io.circuitstream.standalone.capacity;

import static io.circuitstream.standalone.capacity.CapacityPlanTest.cost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulationTest {
    private static final int[] BYTES = new int[5];

    private static Simulation simulation(PromptCost cost, int threads, double hop) {
        return new Simulation(List.of(cost), new int[] {threads, threads, threads, threads}, hop);
    }

    @Test
    void shouldTakeItsWorkAndFourHopsWhenAPromptIsAlone() {
        double[] seconds = simulation(cost(.1, .2, .3, .4, BYTES), 1, .01)
                .seconds(new Arrivals(new double[] {5}, new int[] {0}, new int[] {0}));

        assertThat(seconds).hasSize(1);
        assertThat(seconds[0]).isCloseTo(1.04, within(1e-9));
    }

    @Test
    void shouldWaitForItsPartitionsThreadOnlyWhenTwoComeAtOnce() {
        Arrivals samePartition = new Arrivals(new double[2], new int[2], new int[] {0, 2});
        Arrivals otherPartition = new Arrivals(new double[2], new int[2], new int[] {0, 1});
        Simulation simulation = simulation(cost(.1, 0, 0, 0, BYTES), 2, 0);

        assertThat(simulation.seconds(samePartition)).containsExactly(new double[] {.1, .2}, within(1e-12));
        assertThat(simulation.seconds(otherPartition)).containsExactly(new double[] {.1, .1}, within(1e-12));
    }

    /** Pollaczek and Khinchine: with a constant time s and a thread that is busy a share u, prompts wait u s / 2 (1 - u). */
    @ParameterizedTest
    @CsvSource({"0.3", "0.6", "0.8"})
    void shouldWaitAsQueueingTheorySaysWhenPromptsComeAtRandom(double busy) {
        double s = .25;
        Arrivals arrivals = Arrivals.poisson(busy / s, 200_000, 1, 1, 7);

        double waiting = Arrays.stream(simulation(cost(0, 0, 0, s, BYTES), 1, 0).seconds(arrivals))
                        .average()
                        .orElseThrow()
                - s;

        // The mean of 200,000 dependent waits is within 3 % at u = .8: ten seeds differ by 1 %.
        assertThat(waiting).isCloseTo(busy * s / (2 * (1 - busy)), within(.03 * waiting));
    }

    @Test
    void shouldSpreadEvenlyWhenArrivalsAreDrawn() {
        Arrivals arrivals = Arrivals.poisson(2, 100_000, 3, 4, 11);

        assertThat(arrivals.seconds()).isSorted();
        // 100,000 gaps of 0.5 s: their sum is within 1 % (3 standard deviations).
        assertThat(arrivals.seconds()[99_999]).isCloseTo(50_000, within(500.0));
        for (int partition = 0; partition < 4; partition++) {
            int wanted = partition;
            assertThat(Arrays.stream(arrivals.partition())
                            .filter(p -> p == wanted)
                            .count())
                    .isBetween(24_500L, 25_500L);
        }
        assertThat(arrivals.cost()).contains(0, 1, 2);
    }

    @Test
    void shouldBeTheSameWhenTheSeedIs() {
        assertThat(Arrivals.poisson(1, 100, 3, 4, 5).seconds())
                .isEqualTo(Arrivals.poisson(1, 100, 3, 4, 5).seconds())
                .isNotEqualTo(Arrivals.poisson(1, 100, 3, 4, 6).seconds());
    }

    @Test
    void shouldSayHowLongMostTakeWhenLatenciesAreSummedUp() {
        double[] seconds = new double[200];
        Arrays.setAll(seconds, i -> 200 - i);

        assertThat(Latency.of(seconds)).isEqualTo(new Latency(100, 198));
    }
}
