package io.circuitstream.platform.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LifecycleTest {

    private final AtomicLong nanos = new AtomicLong();
    private final Outage outage = new Outage(nanos::get);

    @ParameterizedTest
    @CsvSource({
        "CREATED, STARTING",
        "REBALANCING, STARTING",
        "RUNNING, RUNNING",
        "PENDING_ERROR, FAILED",
        "ERROR, FAILED"
    })
    void shouldFollowKafkaStreams(KafkaStreams.State state, Lifecycle lifecycle) {
        assertThat(Lifecycle.of(state)).contains(lifecycle);
    }

    @ParameterizedTest
    @EnumSource(Lifecycle.class)
    void shouldNotLeaveFailedOrClosed(Lifecycle next) {
        assertThat(Lifecycle.FAILED.mayBecome(next)).isFalse();
        assertThat(Lifecycle.CLOSED.mayBecome(next)).isFalse();
    }

    @Test
    void shouldIgnoreALateRunningWhenClosing() {
        LifecycleGate gate = new LifecycleGate();
        gate.move(Lifecycle.STARTING);
        gate.move(Lifecycle.CLOSING);

        assertThat(gate.move(Lifecycle.RUNNING)).isFalse();
        assertThat(gate.current()).isEqualTo(Lifecycle.CLOSING);
    }

    @Test
    void shouldStopWaitingWhenTheTimeIsUp() throws InterruptedException {
        LifecycleGate gate = new LifecycleGate();

        assertThat(gate.await(Lifecycle::isFinal, Duration.ofMillis(5))).isEqualTo(Lifecycle.NEW);
    }

    @Test
    void shouldDoubleTheWaitUpToTenSeconds() {
        assertThat(outage.seen("away")).isEqualTo(Duration.ofMillis(200));
        assertThat(outage.seen("away")).isEqualTo(Duration.ofMillis(400));
        for (int i = 0; i < 100; i++) {
            outage.seen("away");
        }
        assertThat(outage.seen("away")).isEqualTo(Duration.ofSeconds(10));
        outage.over();
        assertThat(outage.seen("away")).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void shouldForgetAnOutageThatWasNotSeenForAMinute() {
        outage.seen("registry is away");

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(59));
        assertThat(outage.current()).contains("registry is away");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertThat(outage.current()).isEmpty();
    }

    @Test
    void shouldTellOutageFromPoisonThroughWrappers() {
        assertThat(Fault.of(new StreamsException("x", new RuntimeException(new UnavailableException("away")))))
                .isEqualTo(Fault.OUTAGE);
        assertThat(Fault.of(new StreamsException("x", new SerializationException("poison"))))
                .isEqualTo(Fault.RECORD);
        assertThat(Fault.of(new NullPointerException())).isEqualTo(Fault.RECORD);
    }
}
