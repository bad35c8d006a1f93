package io.circuitstream.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.platform.stream.StageMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StageTimesTest {
    @Test
    void shouldBeWhatEachStageWorkedInBetweenWhenTakenTwice() {
        MeterRegistry meters = new SimpleMeterRegistry();
        timer(meters, "pruning").record(Duration.ofMillis(500));
        StageTimes before = StageTimes.of(meters);
        timer(meters, "pruning").record(Duration.ofNanos(1_500_000));
        timer(meters, "validation").record(Duration.ofMillis(20));

        StageTimes passed = StageTimes.of(meters).since(before);

        assertThat(passed.seconds().get("pruning")).isCloseTo(.0015, within(1e-12));
        assertThat(passed.seconds().get("validation")).isCloseTo(.02, within(1e-12));
        assertThat(passed.sum()).isCloseTo(.0215, within(1e-12));
    }

    private static Timer timer(MeterRegistry meters, String stage) {
        return Timer.builder(StageMetrics.COMPUTE).tag("stage", stage).register(meters);
    }
}
