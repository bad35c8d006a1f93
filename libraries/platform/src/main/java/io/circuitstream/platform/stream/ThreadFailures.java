package io.circuitstream.platform.stream;

import io.circuitstream.platform.logging.LogKeys;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what follows the death of a stream thread: after an outage a successor, which begins the record again;
 * after anything else the end of the service, because nobody knows what state it is in.
 */
final class ThreadFailures implements StreamsUncaughtExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ThreadFailures.class);

    private final ServiceContext service;
    private final LifecycleGate lifecycle;

    ThreadFailures(ServiceContext service, LifecycleGate lifecycle) {
        this.service = service;
        this.lifecycle = lifecycle;
    }

    @Override
    public StreamThreadExceptionResponse handle(Throwable thrown) {
        Optional<RetriableException> outage = Fault.cause(thrown, RetriableException.class);
        if (outage.isEmpty()) {
            log.atError()
                    .addKeyValue(LogKeys.STAGE, service.name())
                    .addKeyValue(LogKeys.ERROR, thrown.getClass().getName())
                    .setCause(thrown)
                    .log("stream thread failed: the service stops");
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        service.metrics().retry();
        Duration wait = service.outage().seen(outage.get().toString());
        log.atWarn()
                .addKeyValue(LogKeys.STAGE, service.name())
                .addKeyValue(LogKeys.ATTEMPT, service.outage().attempts())
                .addKeyValue(LogKeys.ERROR, outage.get().toString())
                .log("outage: trying again in {} ms", wait.toMillis());
        // The dying thread still is a member of the group and its heartbeat goes on, so the wait moves no partition.
        return pause(wait)
                ? StreamThreadExceptionResponse.REPLACE_THREAD
                : StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /** False when the service was closed meanwhile. */
    private boolean pause(Duration wait) {
        try {
            Lifecycle now = lifecycle.await(state -> state == Lifecycle.CLOSING || state.isFinal(), wait);
            return now != Lifecycle.CLOSING && !now.isFinal();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
