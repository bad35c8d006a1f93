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
        pulse.read(100, BEGIN + 1);
        pulse.read(70, BEGIN + 2);

        assertThat(pulse.beat(BEGIN + 10)).contains(new Beat(3, 100, BEGIN + 10));
    }

    @Test
    void shouldTellNothingAsLongAsNothingIsKnown() {
        for (int i = 1; i < 4; i++) {
            assertThat(pulse.beat(BEGIN + 10 * i)).isEmpty();
        }
        assertThat(pulse.beat(BEGIN + 40)).contains(new Beat(3, BEGIN + 40, BEGIN + 40));
    }

    @Test
    void shouldTellTheTimeWhenNothingCameForLongEnough() {
        pulse.read(100, BEGIN + 5);
        for (int i = 1; i < 5; i++) {
            assertThat(pulse.beat(BEGIN + 10 * i)).contains(new Beat(3, 100, BEGIN + 10 * i));
        }
        assertThat(pulse.beat(BEGIN + 50)).contains(new Beat(3, BEGIN + 50, BEGIN + 50));
    }

    @Test
    void shouldNotTakeAPauseOfItsThreadForAQuietSource() {
        pulse.read(100, BEGIN + 5);
        assertThat(pulse.beat(BEGIN + 500)).contains(new Beat(3, 100, BEGIN + 500));
        assertThat(pulse.beat(BEGIN + 510)).contains(new Beat(3, 100, BEGIN + 510));
    }

    @Test
    void shouldTellNoTimeOfTheFuture() {
        pulse.read(1_000_000, BEGIN + 5);

        assertThat(pulse.beat(BEGIN + 10)).contains(new Beat(3, BEGIN + 5, BEGIN + 10));
    }
}
