package io.circuitstream.standalone.cli;

import java.io.PrintStream;
import java.util.function.Consumer;

/** One line that says what is being done, while stderr is a terminal; gone when closed. At most ten changes a second. */
final class StatusLine implements Consumer<String>, AutoCloseable {
    private static final String ERASE = "\r\u001b[K";
    private static final long INTERVAL_NANOS = 100_000_000;

    private final PrintStream err;
    private final boolean visible;
    private long shown = System.nanoTime() - INTERVAL_NANOS;

    StatusLine(PrintStream err, boolean visible) {
        this.err = err;
        this.visible = visible;
    }

    /** On stderr, if a person looks at it. */
    static StatusLine onTerminal() {
        return new StatusLine(System.err, Terminal.stderrIsTerminal());
    }

    @Override
    public void accept(String doing) {
        if (visible && System.nanoTime() - shown >= INTERVAL_NANOS) {
            shown = System.nanoTime();
            err.print(ERASE + doing);
            err.flush();
        }
    }

    @Override
    public void close() {
        if (visible) {
            err.print(ERASE);
            err.flush();
        }
    }
}
