package io.circuitstream.platform.stream;

/** A service as its process sees it: for one start and one stop. */
public interface RunningService extends AutoCloseable {

    /**
     * Sets it to work.
     *
     * @throws StartupException when it cannot start; close it then
     */
    void start();

    /** Waits until it was closed or failed; yields the exit code of the process: 0 or 1. */
    int blockUntilClosed() throws InterruptedException;

    /** What {@link #blockUntilClosed} yields, of a service that is closed. */
    int exitCode();

    @Override
    void close();
}
