package io.circuitstream.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private static final Progress HALF = new Progress("train-model", 50, 100, 1.23456, 9876.4, 125.4, "");
    private static final Progress END = new Progress("train-model", 100, 100, .5, 9876.4, 0, "L0 60");

    private final StringWriter written = new StringWriter();

    @Test
    void shouldWriteALineForEachReportWhenStderrIsNoTerminal() {
        show(false, HALF, END);

        assertThat(written.toString().lines())
                .containsExactly(
                        "train-model 50/100  loss 1.2346  9876 tokens/s  2:05 left",
                        "train-model 100/100  loss 0.5000  9876 tokens/s  0:00 left  L0 60");
    }

    @Test
    void shouldDrawOverTheSameLineWhenStderrIsATerminal() {
        show(true, HALF, END);

        String erase = "\r\u001b[K";
        assertThat(written).hasToString(erase + HALF + erase + END + System.lineSeparator());
    }

    @Test
    void shouldLeaveAFreshLineWhenTheRunStopsHalfway() {
        show(true, HALF);

        assertThat(written.toString()).endsWith(HALF + System.lineSeparator());
    }

    @Test
    void shouldSayThatTheTimeIsUnknownWhenNothingWasMeasured() {
        Progress unknown = new Progress("train-model", 0, 100, 0, 0, Double.NaN, "");

        assertThat(unknown).asString().endsWith("?:?? left");
    }

    private void show(boolean terminal, Progress... reports) {
        try (ProgressLine line = new ProgressLine(new PrintWriter(written), terminal)) {
            for (Progress report : reports) {
                line.show(report);
            }
        }
    }
}
