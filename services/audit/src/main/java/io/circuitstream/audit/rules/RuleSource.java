package io.circuitstream.audit.rules;

import io.circuitstream.platform.logging.LogKeys;
import io.circuitstream.platform.stream.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules in force: those of a file, read again when its content changes. A file that is broken or gone leaves the rules as they are,
 * is logged once and reported. Thread-safe; closing it ends the watching, the rules stay.
 */
public final class RuleSource implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RuleSource.class);
    private static final long LARGEST = 1 << 20;

    private final @Nullable Path file;
    private final Consumer<Outcome> outcomes;
    private final @Nullable ScheduledExecutorService watching;
    private volatile RuleSet current;
    private String seen;
    private @Nullable String problem;

    /** What became of a change. */
    public enum Outcome {
        LOADED,
        REFUSED
    }

    private RuleSource(RuleSet fixed) {
        this.file = null;
        this.outcomes = outcome -> {};
        this.watching = null;
        this.current = fixed;
        this.seen = "";
    }

    private RuleSource(Path file, Duration interval, Consumer<Outcome> outcomes) {
        this.file = file;
        this.outcomes = outcomes;
        try {
            this.seen = content(file);
            this.current = RuleFile.parse(file.toString(), seen);
        } catch (IOException e) {
            throw new StartupException("the rules cannot be read: " + e);
        } catch (RuleFileException e) {
            throw new StartupException("the rules cannot be used: " + e.getMessage());
        }
        log.atInfo().log("{} rules of {}, version {}", current.rules().size(), file, current.version());
        this.watching = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "audit-rules");
            thread.setDaemon(true);
            return thread;
        });
        // Its failures are look's to log; its end is close.
        ScheduledFuture<?> unused = watching.scheduleWithFixedDelay(
                this::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Rules that do not change. */
    public static RuleSource fixed(RuleSet rules) {
        return new RuleSource(rules);
    }

    /**
     * Rules of a file, looked at as often as {@code interval} says.
     *
     * @throws StartupException when it cannot be read or used now
     */
    public static RuleSource watching(Path file, Duration interval, Consumer<Outcome> outcomes) {
        return new RuleSource(file, interval, outcomes);
    }

    public RuleSet current() {
        return current;
    }

    /** A timer never runs again what has thrown once. */
    private void look() {
        try {
            poll();
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("the rules were not looked at");
        }
    }

    /** Looks at the file. Part of a file that is being written is refused or not, and read again at the next look. */
    synchronized void poll() {
        try {
            String content = content(file);
            if (problem == null && content.equals(seen)) {
                return;
            }
            current = RuleFile.parse(file.toString(), content);
            seen = content;
            problem = null;
            log.atInfo().log("{} rules of {}, version {}", current.rules().size(), file, current.version());
            outcomes.accept(Outcome.LOADED);
        } catch (RuleFileException | IOException e) {
            refuse(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private void refuse(String reason) {
        if (reason.equals(problem)) {
            return;
        }
        problem = reason;
        log.atError()
                .addKeyValue(LogKeys.ERROR, reason)
                .log("the changed rules cannot be used, the former stay in force");
        outcomes.accept(Outcome.REFUSED);
    }

    private static String content(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new RuleFileException(file + " has more than " + LARGEST + " bytes");
        }
        return Files.readString(file);
    }

    @Override
    public void close() {
        if (watching != null) {
            watching.shutdownNow();
        }
    }
}
