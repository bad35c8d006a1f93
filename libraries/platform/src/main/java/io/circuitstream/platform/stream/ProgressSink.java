package io.circuitstream.platform.stream;

import io.circuitstream.events.StageProgress;

/** Where progress goes. Publishing never blocks and never throws: progress may be lost, work may not wait for it. */
@FunctionalInterface
public interface ProgressSink extends AutoCloseable {

    /** For work that nobody watches. */
    ProgressSink NONE = progress -> {};

    void publish(StageProgress progress);

    @Override
    default void close() {}
}
