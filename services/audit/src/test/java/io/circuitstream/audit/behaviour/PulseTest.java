package io.circuitstream.audit.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.audit.behaviour.digest.Beat;
import org.junit.jupiter.api.Test;

/** Quiet after 40, a beat every 10. */
class PulseTest {
    private static final long BEGIN = 1_000;

    private final Pulse pulse = new Pulse(3, 40, 10, BEGIN);

    @Test
    void shouldTellTheNewestEventTimeWhileRecordsCome() {
        assertThat(pulse.read(90, BEGIN + 1)).contains(new Beat(3, 90, BEGIN + 1));
        assertThat(pulse.read(100, BEGIN + 1)).isEmpty();
        assertThat(pulse.read(70, BEGIN + 2)).isEmpty();

        assertThat(pulse.beat(BEGIN + 10, () -> false)).isEqualTo(new Beat(3, 100, BEGIN + 10));
    }

    @Test
    void shouldHavePassedNothingUntilItReadSomethingOrIsQuiet() {
        for (int i = 1; i < 4; i++) {
            assertThat(pulse.beat(BEGIN + 10L * i, () -> false))
                    .isEqualTo(new Beat(3, Long.MIN_VALUE, BEGIN + 10L * i));
        }
        assertThat(pulse.beat(BEGIN + 40, () -> false)).isEqualTo(new Beat(3, BEGIN + 40, BEGIN + 40));
    }

    @Test
    void shouldTellTheTimeWhenNothingCameForLongEnough() {
        pulse.read(100, BEGIN + 5);
        for (int i = 1; i < 5; i++) {
            assertThat(pulse.beat(BEGIN + 10L * i, () -> false)).isEqualTo(new Beat(3, 100, BEGIN + 10L * i));
        }
        assertThat(pulse.beat(BEGIN + 50, () -> false)).isEqualTo(new Beat(3, BEGIN + 50, BEGIN + 50));
    }

    @Test
    void shouldSpeakBeforeItsEventIsPassedOnWhenItWasQuiet() {
        pulse.read(100, BEGIN + 5);
        for (int i = 1; i < 6; i++) {
            pulse.beat(BEGIN + 10L * i, () -> false);
        }

        assertThat(pulse.read(200, BEGIN + 55)).contains(new Beat(3, 200, BEGIN + 55));
        assertThat(pulse.beat(BEGIN + 60, () -> false)).isEqualTo(new Beat(3, 200, BEGIN + 60));
    }

    @Test
    void shouldNotTakeAPauseOfItsThreadForAQuietSource() {
        pulse.read(100, BEGIN + 5);
        assertThat(pulse.beat(BEGIN + 500, () -> false)).isEqualTo(new Beat(3, 100, BEGIN + 500));
        assertThat(pulse.beat(BEGIN + 510, () -> false)).isEqualTo(new Beat(3, 100, BEGIN + 510));
    }

    @Test
    void shouldTellNoTimeOfTheFuture() {
        pulse.read(1_000_000, BEGIN + 5);

        assertThat(pulse.beat(BEGIN + 10, () -> false)).isEqualTo(new Beat(3, BEGIN + 5, BEGIN + 10));
    }

    @Test
    void shouldNotBeQuietWhenThereAreRecordsThatWereNotRead() {
        pulse.read(100, BEGIN + 5);
        for (int i = 1; i < 9; i++) {
            assertThat(pulse.beat(BEGIN + 10L * i, () -> true)).isEqualTo(new Beat(3, 100, BEGIN + 10L * i));
        }
        assertThat(pulse.beat(BEGIN + 90, () -> false)).isEqualTo(new Beat(3, BEGIN + 90, BEGIN + 90));
    }
}
