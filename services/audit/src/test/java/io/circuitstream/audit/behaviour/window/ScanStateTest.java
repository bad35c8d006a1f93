package io.circuitstream.audit.behaviour.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Windows of 100, a grace of 20, quiet after 50; the wall clock is far ahead of event time, as in a replay. */
class ScanStateTest {
    private static final WindowTimes TIMES = new WindowTimes(100, 20, 50);
    private static final long NOW = 10_000;

    private final ScanState state = new ScanState(TIMES, NOW - 100);

    @Test
    void shouldCloseWhenEventTimeHasPassedEndAndGrace() {
        assertThat(circuit(50, 1)).isTrue();
        assertThat(circuit(219, 1)).isTrue();
        assertThat(state.due(NOW)).containsExactly(0L);

        circuit(319, 1);
        assertThat(state.due(NOW)).containsExactly(0L);
        circuit(320, 1);
        assertThat(state.due(NOW)).containsExactly(0L, 200L);
        assertThat(state.end(200)).isEqualTo(300);
    }

    @Test
    void shouldCountAsLateWhatComesAfterItsWindowClosed() {
        circuit(50, 1);
        circuit(250, 1);
        state.close(0, true);

        assertThat(circuit(99, 1)).isFalse();
        assertThat(state.arrive(20, 4, false, NOW)).isFalse();
        assertThat(circuit(100, 1)).as("a window that nothing had closed").isTrue();
        assertThat(state.late()).isEqualTo(1);
        assertThat(state.lateReports()).isEqualTo(1);

        state.close(100, true);
        assertThat(state.late() + state.lateReports()).isZero();
        assertThat(state.previousStart()).isEqualTo(100);
    }

    @Test
    void shouldWaitForTheSourceThatIsBehind() {
        circuit(50, 1);
        circuit(900, 1);
        circuit(60, 2);
        assertThat(state.due(NOW)).isEmpty();

        circuit(130, 2);
        assertThat(state.due(NOW)).containsExactly(0L);
    }

    @Test
    void shouldWaitNoLongerForASourceThatIsQuiet() {
        circuit(50, 1);
        circuit(60, 2);
        state.arrive(900, 1, true, NOW + 40);

        assertThat(state.due(NOW + 49)).isEmpty();
        assertThat(state.due(NOW + 50)).containsExactly(0L);
    }

    @Test
    void shouldCloseByTheWallClockWhenAllAreQuiet() {
        long last = NOW + 250;
        ScanState live = new ScanState(TIMES, NOW);
        live.arrive(last, 1, true, last);

        assertThat(live.due(last + 60)).as("quiet, but its window is not over").isEmpty();
        assertThat(live.due(NOW + 319)).isEmpty();
        assertThat(live.due(NOW + 320)).containsExactly(NOW + 200);
    }

    @Test
    void shouldCloseNothingUntilEverySourceHadTimeToBeRead() {
        ScanState fresh = new ScanState(TIMES, NOW);
        fresh.arrive(50, 1, true, NOW);
        fresh.arrive(900, 1, true, NOW + 49);

        assertThat(fresh.due(NOW + 49)).isEmpty();
        assertThat(fresh.due(NOW + 50)).containsExactly(0L);
    }

    @Test
    void shouldCloseNothingWhenAnEventIsFromTheFuture() {
        circuit(NOW - 30, 1);
        circuit(NOW + 1_000_000, 1);

        assertThat(state.due(NOW)).isEmpty();
        assertThat(circuit(NOW - 10, 1)).isTrue();
        state.close(NOW - 100, true);
        assertThat(circuit(NOW + 1, 1)).isTrue();
    }

    @Test
    void shouldKeepAsPreviousTheNewestWindowWithCircuits() {
        circuit(50, 1);
        circuit(150, 1);
        state.close(0, true);
        state.close(100, false);

        assertThat(state.previousStart()).isEqualTo(0);
    }

    @Test
    void shouldGoOnWhenItIsReadAgain() {
        circuit(50, 1);
        circuit(150, 2);
        circuit(-50, 1);
        circuit(280, 1);
        state.close(0, true);
        circuit(10, 1);

        ScanState read = ScanState.of(TIMES, NOW + 1_000, state.toBytes());

        assertThat(read.toBytes()).isEqualTo(state.toBytes());
        assertThat(read.late()).isEqualTo(1);
        assertThat(read.previousStart()).isEqualTo(0);
        assertThat(read.arrive(99, 1, true, NOW + 1_000)).isFalse();
        assertThat(read.due(NOW + 1_049))
                .as("nothing before every source had time")
                .isEmpty();
        assertThat(read.due(NOW + 1_050)).as("all are quiet").containsExactly(-100L, 100L, 200L);
        assertThatThrownBy(() -> ScanState.of(TIMES, NOW, new byte[] {9})).hasMessageContaining("version 9");
    }

    @Test
    void shouldBeUrgentOnlyWhenAWindowOpensOrSomethingIsLate() {
        circuit(50, 1);
        assertThat(state.isUrgent()).isTrue();
        state.toBytes();

        circuit(60, 1);
        assertThat(state.isUrgent()).isFalse();
        assertThat(state.isDirty()).isTrue();

        state.close(0, true);
        circuit(60, 1);
        assertThat(state.isUrgent()).isTrue();
    }

    private boolean circuit(long timestamp, int source) {
        return state.arrive(timestamp, source, true, NOW);
    }
}
