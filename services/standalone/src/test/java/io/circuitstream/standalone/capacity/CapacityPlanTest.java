package io.circuitstream.standalone.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.standalone.capacity.CapacityPlan.Load;
import io.circuitstream.standalone.capacity.CapacityPlan.StagePlan;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CapacityPlanTest {
    private static final List<PromptCost> COSTS =
            List.of(cost(.1, .2, .01, .5, 100, 300, 1000, 500, 200), cost(.1, .4, .03, .7, 300, 300, 3000, 500, 400));

    static PromptCost cost(double a, double b, double c, double d, int... bytes) {
        return new PromptCost(10, 500, new double[] {a, b, c, d}, bytes);
    }

    private static CapacityPlan plan(double rate, double utilisation) {
        return CapacityPlan.of(new Load(rate, utilisation, Duration.ofHours(1), 3), COSTS);
    }

    @Test
    void shouldGiveTheSlowestStageMostThreadsWhenALoadIsPlanned() {
        CapacityPlan plan = plan(4, .61);

        // Busy threads: .4, 1.2, .08 and 2.4; at most .61 each.
        assertThat(plan.stages()).extracting(StagePlan::threads).containsExactly(1, 2, 1, 4);
        assertThat(plan.partitions()).isEqualTo(8);
        StagePlan validation = plan.stages().get(3);
        assertThat(validation.busyThreads()).isCloseTo(2.4, within(1e-12));
        assertThat(validation.meanSeconds()).isCloseTo(.6, within(1e-12));
        assertThat(validation.longestSeconds()).isEqualTo(.7);
        assertThat(validation.promptsPerSecondOfOneThread()).isCloseTo(1 / .6, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(doubles = {.01, .3, 1, 2.5, 7, 40, 333})
    void shouldBusyNoThreadMoreThanIsAllowedWhenPartitionsAreUneven(double rate) {
        CapacityPlan plan = plan(rate, .6);

        for (StagePlan stage : plan.stages()) {
            assertThat(stage.utilisation()).isLessThanOrEqualTo(.6);
            assertThat(stage.threads()).isBetween(1, plan.partitions());
            if (stage.threads() > 1) {
                assertThat(stage.busyThreads() * CapacityPlan.fullest(plan.partitions(), stage.threads() - 1))
                        .as("one thread less")
                        .isGreaterThan(.6);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 1, 1.0", "8, 4, 0.25", "8, 3, 0.375", "8, 8, 0.125", "7, 2, 0.571428"})
    void shouldCountTheThreadWithMostPartitionsWhenTheyDoNotDivide(int partitions, int threads, double share) {
        assertThat(CapacityPlan.fullest(partitions, threads)).isCloseTo(share, within(1e-6));
    }

    @Test
    void shouldKeepAllReplicasForTheRetentionWhenBytesArePlanned() {
        CapacityPlan plan = plan(4, .61);

        CapacityPlan.TopicPlan graphs = plan.topics().get(2);
        assertThat(graphs.bytesPerPrompt()).isEqualTo(2000 + 340);
        assertThat(graphs.bytesPerSecond()).isEqualTo(4 * 2340.0);
        assertThat(graphs.bytesPerDay()).isEqualTo(86_400 * 4 * 2340.0);
        assertThat(graphs.bytesKept()).isEqualTo(3 * 3600 * 4 * 2340.0);
        assertThat(plan.bytesKept()).isCloseTo(3 * 3600 * plan.bytesPerSecond(), within(1e-3));
    }

    @Test
    void shouldRefuseACostWhenAStageIsMissing() {
        assertThatThrownBy(() -> new PromptCost(1, 1, new double[3], new int[5]))
                .hasMessageContaining("4 stages")
                .hasMessageContaining("not 3 and 5");
    }
}
