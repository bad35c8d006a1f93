package io.circuitstream.platform.stream;

import io.circuitstream.events.ProgressState;
import io.circuitstream.events.StageProgress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The progress of one stage on one prompt: the first and the last event always, at most ten a second in between.
 * For one use, by one thread at a time.
 */
final class ProgressReporter implements StageProgressListener {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ProgressSink sink;
    private final String promptId;
    private final String stage;
    private final LongSupplier nanos;
    private final long begin;
    private long sent;
    private Done done = new Done(0, 0, 0, null);

    ProgressReporter(ProgressSink sink, String promptId, String stage, LongSupplier nanos) {
        this.sink = sink;
        this.promptId = promptId;
        this.stage = stage;
        this.nanos = nanos;
        this.begin = nanos.getAsLong();
        this.sent = begin;
        publish(ProgressState.STARTED, null);
    }

    @Override
    public void advanced(Done done) {
        this.done = done;
        if (nanos.getAsLong() - sent >= INTERVAL_NANOS) {
            publish(ProgressState.RUNNING, null);
        }
    }

    void completed() {
        publish(ProgressState.COMPLETED, null);
    }

    void failed(String message) {
        publish(ProgressState.FAILED, message);
    }

    Duration elapsed() {
        return Duration.ofNanos(nanos.getAsLong() - begin);
    }

    private void publish(ProgressState state, @Nullable String message) {
        sent = nanos.getAsLong();
        sink.publish(StageProgress.newBuilder()
                .setPromptId(promptId)
                .setStage(stage)
                .setState(state)
                .setDone(done.units())
                .setTotal(done.of())
                .setElapsedMs(elapsed().toMillis())
                .setSettledInfluence(done.settledInfluence())
                .setSecondsLeft(
                        state == ProgressState.RUNNING
                                ? done.secondsLeft(elapsed().toMillis() / 1e3)
                                : null)
                .setMessage(message)
                .build());
    }
}
