package io.circuitstream.standalone.cli;

import java.io.PrintStream;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** One line that says what is being done, while stderr is a terminal; gone when closed. At most ten changes a second. */
final class StatusLine implements Consumer<String>, AutoCloseable {
    private static final String ERASE = "\r\u001b[K";
    private static final long INTERVAL_NANOS = 100_000_000;

    private final PrintStream err;
    private final boolean visible;
    private final LongSupplier nanos;
    private long shown;

    StatusLine(PrintStream err, boolean visible, LongSupplier nanos) {
        this.err = err;
        this.visible = visible;
        this.nanos = nanos;
        this.shown = nanos.getAsLong() - INTERVAL_NANOS;
    }

    /** On stderr, if a person looks at it. */
    static StatusLine onTerminal() {
        return new StatusLine(System.err, Terminal.stderrIsTerminal(), System::nanoTime);
    }

    @Override
    public void accept(String doing) {
        long now = nanos.getAsLong();
        if (visible && now - shown >= INTERVAL_NANOS) {
            shown = now;
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
