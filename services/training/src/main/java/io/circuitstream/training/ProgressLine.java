package io.circuitstream.training;

import java.io.PrintWriter;

/** Reports on stderr: on a terminal one line that is drawn over and over, elsewhere a line for each. Not thread-safe. */
final class ProgressLine implements AutoCloseable {
    private static final String ERASE = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean redrawn;
    private boolean open;

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
        } else {
            err.println(progress);
        }
        err.flush();
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
