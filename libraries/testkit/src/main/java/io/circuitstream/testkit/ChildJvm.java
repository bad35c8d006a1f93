package io.circuitstream.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A Java process with this process's class path and JDK, whose output is collected. Ends only the process that it
 * started, by its handle, and does so at the latest on {@link #close}. Thread-safe.
 */
public final class ChildJvm implements AutoCloseable {
    private static final int KEPT_LINES = 2000;
    private static final long GRACE_SECONDS = 30;
    /** It lives for seconds: without these, half of its time goes into the optimising compiler. */
    private static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final String name;
    private final Process process;
    private final List<String> output = new ArrayList<>();
    private final Thread reader;

    private ChildJvm(String name, Process process) {
        this.name = name;
        this.process = process;
        this.reader = new Thread(this::read, name + "-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** What to run. */
    public record Command(
            String name,
            String mainClass,
            List<String> jvmOptions,
            List<String> arguments,
            Map<String, String> environment,
            Path directory) {}

    /** Starts the process; its environment is this one's without CIRCUITSTREAM_* and KAFKA_*, and what is given. */
    public static ChildJvm start(Command command) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(SHORT_LIVED);
        line.addAll(command.jvmOptions());
        line.add("-cp");
        line.add(System.getProperty("java.class.path"));
        line.add(command.mainClass());
        line.addAll(command.arguments());
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .directory(command.directory().toFile());
        Map<String, String> environment = new LinkedHashMap<>(builder.environment());
        environment.keySet().removeIf(k -> k.startsWith("CIRCUITSTREAM_") || k.startsWith("KAFKA_"));
        environment.putAll(command.environment());
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return new ChildJvm(command.name(), builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.name(), e);
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (FaultPoint.isDeadly(line)) {
                    process.destroyForcibly();
                }
                synchronized (output) {
                    if (output.size() == KEPT_LINES) {
                        output.remove(0);
                    }
                    output.add(line);
                    output.notifyAll();
                }
            }
        } catch (IOException e) {
            synchronized (output) {
                output.add("output ended: " + e.getMessage());
            }
        }
    }

    /**
     * Waits for a line of output.
     *
     * @throws AssertionError with the output, when the process ends or the time is over before it comes
     */
    public String awaitLine(Predicate<String> wanted, long seconds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        synchronized (output) {
            while (true) {
                for (String line : output) {
                    if (wanted.test(line)) {
                        return line;
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0 || (!process.isAlive() && !reader.isAlive())) {
                    throw new AssertionError(name + " did not say it; exit "
                            + (process.isAlive() ? "none" : process.exitValue()) + ", output:\n"
                            + String.join("\n", output));
                }
                output.wait(Math.min(left, 200));
            }
        }
    }

    /** The collected output so far. */
    public String output() {
        synchronized (output) {
            return String.join("\n", output);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** Sends SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Sends SIGKILL and waits until it is gone. */
    public void kill9() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Sends SIGSTOP: the process keeps everything and does nothing. */
    public void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Sends SIGCONT. */
    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("kill -" + signal + " of " + name + " failed");
        }
    }

    /** Waits for the end and yields the exit code. @throws AssertionError when it is still alive after that time */
    public int awaitExit(long seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError(name + " is still alive after " + seconds + " s, output:\n" + output());
        }
        reader.join(TimeUnit.SECONDS.toMillis(5));
        return process.exitValue();
    }

    /** Ends the process, first politely. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
