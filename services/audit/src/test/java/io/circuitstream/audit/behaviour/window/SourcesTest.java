package io.circuitstream.audit.behaviour.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.audit.behaviour.digest.Beat;
import org.junit.jupiter.api.Test;

class SourcesTest {
    private static final long QUIET = 50;

    private final Sources sources = new Sources();

    @Test
    void shouldHavePassedNothingUntilEverySourceHadTimeToSpeak() {
        assertThat(sources.passed(QUIET)).isEqualTo(Long.MIN_VALUE);
        sources.add(new Beat(1, 900, 1_000));
        sources.add(new Beat(1, 950, 1_099));
        assertThat(sources.passed(QUIET)).isEqualTo(Long.MIN_VALUE);

        sources.add(new Beat(1, 960, 1_100));
        assertThat(sources.passed(QUIET)).isEqualTo(960);
    }

    @Test
    void shouldHavePassedWhatTheSourceThatIsBehindHas() {
        sources.add(new Beat(1, 900, 1_000));
        sources.add(new Beat(2, 100, 1_100));
        sources.add(new Beat(1, 1_200, 1_300));
        assertThat(sources.passed(QUIET)).isEqualTo(100);

        sources.add(new Beat(2, 1_250, 1_400));
        assertThat(sources.passed(QUIET)).isEqualTo(1_200);
    }

    /** Its reader may have been stopped: what it says when it is there again decides. */
    @Test
    void shouldWaitForASourceOfWhichNothingIsHeardHoweverLong() {
        sources.add(new Beat(1, 900, 1_000));
        sources.add(new Beat(2, 100, 1_000));
        sources.add(new Beat(1, 1_000_000, 1_000_000));

        assertThat(sources.passed(QUIET)).isEqualTo(100);
    }

    @Test
    void shouldBeWhereItIsNowWhenASourceWasQuietAndGoesOn() {
        sources.add(new Beat(1, 900, 1_000));
        sources.add(new Beat(1, 300, 1_200));

        assertThat(sources.passed(QUIET)).isEqualTo(300);
    }

    @Test
    void shouldGoOnWhenItIsReadAgain() {
        assertThat(Sources.of(sources.toBytes()).passed(QUIET)).isEqualTo(Long.MIN_VALUE);
        sources.add(new Beat(1, 900, 1_000));
        sources.add(new Beat(2, 100, 1_100));

        Sources read = Sources.of(sources.toBytes());

        assertThat(read.passed(QUIET)).isEqualTo(100);
        assertThat(read.toBytes()).isEqualTo(sources.toBytes());
        assertThatThrownBy(() -> Sources.of(new byte[] {9})).hasMessageContaining("version 9");
    }
}
