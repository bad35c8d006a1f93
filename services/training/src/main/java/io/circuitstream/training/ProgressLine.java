package io.circuitstream.training;

import java.io.PrintWriter;

/** Reports on stderr: on a terminal one line that is drawn over and over, elsewhere a line for each. Not thread-safe. */
final class ProgressLine implements AutoCloseable {
    private static final String ERASE = "\r\u001b[K";

    /** Between two lines of one stage where nothing is redrawn: a log is read by people, too. */
    private static final long QUIET_NANOS = 5_000_000_000L;

    private final PrintWriter err;
    private final boolean redrawn;
    private boolean open;
    private String stage = "";
    private long shown;

    /** @param redrawn whether stderr is a terminal, which only the launcher knows */
    ProgressLine(PrintWriter err, boolean redrawn) {
        this.err = err;
        this.redrawn = redrawn;
    }

    /** The last report of a stage stays on the screen. */
    void show(Progress progress) {
        if (redrawn) {
            err.print(ERASE + progress);
            open = true;
            if (progress.step() == progress.steps()) {
                close();
            }
        } else if (isWorthALine(progress)) {
            err.println(progress);
        }
        err.flush();
    }

    private boolean isWorthALine(Progress progress) {
        long now = System.nanoTime();
        boolean worth =
                !progress.stage().equals(stage) || progress.step() == progress.steps() || now - shown >= QUIET_NANOS;
        if (worth) {
            stage = progress.stage();
            shown = now;
        }
        return worth;
    }

    /** Ends the line that is being drawn, so that what is printed next has its own. */
    @Override
    public void close() {
        if (open) {
            err.println();
            err.flush();
            open = false;
        }
    }
}
