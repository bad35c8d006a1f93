package io.circuitstream.standalone.cli;

import io.circuitstream.events.StageProgress;
import io.circuitstream.standalone.trace.Trace;
import io.circuitstream.standalone.trace.TraceListener;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** One line on stderr that says what is being worked on, while stderr is a terminal; results go to a consumer. */
final class ProgressLine implements TraceListener {
    private static final int BAR = 20;
    private static final String ERASE = "\r\u001b[K";

    private final PrintStream err;
    private final boolean visible;
    private final int total;
    private final Consumer<Trace> results;
    private final Map<String, StageProgress> working = new LinkedHashMap<>();
    private int done;

    /** @param total prompts in all */
    ProgressLine(PrintStream err, int total, Consumer<Trace> results) {
        this.err = err;
        this.visible = Terminal.stderrIsTerminal();
        this.total = total;
        this.results = results;
    }

    @Override
    public void progress(StageProgress progress) {
        working.put(progress.getPromptId(), progress);
        show(progress);
    }

    @Override
    public void done(Trace trace) {
        done++;
        working.remove(trace.inference().getPromptId());
        if (visible) {
            err.print(ERASE);
            err.flush();
        }
        results.accept(trace);
    }

    private void show(StageProgress progress) {
        if (!visible) {
            return;
        }
        int filled = total == 0 ? 0 : BAR * done / total;
        String units = progress.getTotal() == 0
                ? ""
                : String.format(Locale.ROOT, " %d/%d", progress.getDone(), progress.getTotal());
        if (progress.getSettledInfluence() != null) {
            units += String.format(Locale.ROOT, ", influence %.0f %%", 100 * progress.getSettledInfluence());
        }
        if (progress.getSecondsLeft() != null && progress.getSecondsLeft() >= 1) {
            units += String.format(Locale.ROOT, ", %.0f s left", progress.getSecondsLeft());
        }
        err.printf(
                Locale.ROOT,
                "%s[%s%s] %d/%d prompts  %s%s",
                ERASE,
                "#".repeat(filled),
                ".".repeat(BAR - filled),
                done,
                total,
                progress.getStage(),
                units);
        err.flush();
    }
}
