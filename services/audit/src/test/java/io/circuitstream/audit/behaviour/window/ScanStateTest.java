package io.circuitstream.audit.behaviour.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ScanStateTest {
    private final ScanState state = new ScanState();

    @Test
    void shouldCloseWhatHasPassedWithItsGrace() {
        assertThat(state.open(200, 100)).isTrue();
        assertThat(state.open(0, 100)).isTrue();
        assertThat(state.open(0, 100)).isFalse();

        assertThat(state.due(119, 20)).isEmpty();
        assertThat(state.due(120, 20)).containsExactly(0L);
        assertThat(state.due(320, 20)).containsExactly(0L, 200L);
        assertThat(state.due(Long.MIN_VALUE, 20)).isEmpty();
        assertThat(state.end(200)).isEqualTo(300);
    }

    @Test
    void shouldCallLateWhatComesAfterItsWindowClosed() {
        state.open(0, 100);
        assertThat(state.isLate(-1)).isFalse();
        state.close(0, true);

        assertThat(state.isLate(99)).isTrue();
        assertThat(state.isLate(100)).isFalse();
        state.countLate(true);
        state.countLate(true);
        state.countLate(false);
        assertThat(state.late()).isEqualTo(2);
        assertThat(state.lateReports()).isEqualTo(1);

        state.open(100, 100);
        state.close(100, true);
        assertThat(state.late() + state.lateReports()).isZero();
        assertThat(state.previousStart()).isEqualTo(100);
    }

    @Test
    void shouldKeepAsPreviousTheNewestWindowWithCircuits() {
        assertThat(state.previousStart()).isNull();
        state.open(0, 100);
        state.open(100, 100);
        state.close(0, true);
        state.close(100, false);

        assertThat(state.previousStart()).isEqualTo(0);
    }

    @Test
    void shouldGoOnWhenItIsReadAgain() {
        assertThat(ScanState.of(state.toBytes()).previousStart()).isNull();
        state.open(0, 100);
        state.open(100, 100);
        state.open(-100, 100);
        state.close(0, true);
        state.countLate(true);
        state.countLate(false);

        ScanState read = ScanState.of(state.toBytes());

        assertThat(read.toBytes()).isEqualTo(state.toBytes());
        assertThat(read.due(1_000, 0)).containsExactly(-100L, 100L);
        assertThat(read.isLate(99)).isTrue();
        assertThat(read.late()).isEqualTo(1);
        assertThat(read.lateReports()).isEqualTo(1);
        assertThat(read.previousStart()).isEqualTo(0);
        assertThatThrownBy(() -> ScanState.of(new byte[] {9})).hasMessageContaining("version 9");
    }

    @Test
    void shouldTellScansAndSourcesApart() {
        for (String scan : new String[] {"", "a", "\u0000"}) {
            assertThat(StateKey.isSources(StateKey.of(scan))).isFalse();
            assertThat(StateKey.scan(StateKey.of(scan))).isEqualTo(scan);
        }
        assertThat(StateKey.isSources(StateKey.SOURCES)).isTrue();
    }
}
