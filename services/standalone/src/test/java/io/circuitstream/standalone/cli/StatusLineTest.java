package io.circuitstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StatusLineTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private long nanos;

    /** Steps of 60 ms. */
    private String of(boolean visible, int steps) {
        PrintStream err = new PrintStream(written, true, StandardCharsets.UTF_8);
        try (StatusLine line = new StatusLine(err, visible, () -> nanos)) {
            for (int i = 0; i < steps; i++) {
                line.accept("step " + i);
                nanos += 60_000_000;
            }
        }
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldShowTheFirstAndThenTenASecondWhenATerminalLooksOn() {
        String erase = "\r\u001b[K";
        assertThat(of(true, 4)).isEqualTo(erase + "step 0" + erase + "step 2" + erase);
    }

    @Test
    void shouldWriteNothingWhenNobodyLooksOn() {
        assertThat(of(false, 4)).isEmpty();
    }
}
