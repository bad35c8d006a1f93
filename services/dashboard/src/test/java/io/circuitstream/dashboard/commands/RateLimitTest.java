package io.circuitstream.dashboard.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private long now;
    private final RateLimit rate = new RateLimit(6, Map.of("fast", 12), () -> now);

    @Test
    void shouldTakeAMinutesWorthAndThenWhatFlowsInWhenOneTenantHurries() {
        for (int i = 0; i < 6; i++) {
            assertThat(rate.secondsToWait("a")).isZero();
        }
        assertThat(rate.secondsToWait("a")).isEqualTo(10);

        now += TimeUnit.SECONDS.toNanos(4);
        assertThat(rate.secondsToWait("a")).isEqualTo(6);

        now += TimeUnit.SECONDS.toNanos(6);
        assertThat(rate.secondsToWait("a")).isZero();
        assertThat(rate.secondsToWait("a")).isEqualTo(10);
    }

    @Test
    void shouldTakeMoreWhenATenantHasARateOfItsOwn() {
        for (int i = 0; i < 12; i++) {
            assertThat(rate.secondsToWait("fast")).isZero();
        }
        assertThat(rate.secondsToWait("fast")).isEqualTo(5);
    }

    @Test
    void shouldNotHoldUpOthersWhenOneTenantIsOverItsRate() {
        for (int i = 0; i < 7; i++) {
            rate.secondsToWait("a");
        }

        assertThat(rate.secondsToWait("b")).isZero();
    }
}
