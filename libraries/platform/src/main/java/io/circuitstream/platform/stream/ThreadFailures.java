package io.circuitstream.platform.stream;

import io.circuitstream.platform.logging.LogKeys;
import java.util.Optional;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what follows the death of a stream thread: after an outage a successor, which begins the record again;
 * after anything else the end of the service, because nobody knows what state it is in. The successor gets the
 * partitions when the dead thread's session has timed out, so outages end here only when a stage could not wait.
 */
final class ThreadFailures implements StreamsUncaughtExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ThreadFailures.class);

    private final ServiceContext service;

    ThreadFailures(ServiceContext service) {
        this.service = service;
    }

    @Override
    public StreamThreadExceptionResponse handle(Throwable thrown) {
        Optional<RetriableException> outage = Fault.cause(thrown, RetriableException.class);
        if (outage.isPresent()) {
            return Retry.await(service, outage.get())
                    ? StreamThreadExceptionResponse.REPLACE_THREAD
                    : StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        noteLocalState(thrown);
        noteRights(thrown);
        log.atError()
                .addKeyValue(LogKeys.STAGE, service.name())
                .addKeyValue(LogKeys.ERROR, thrown.getClass().getName())
                .setCause(thrown)
                .log("stream thread failed: the service stops");
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /** Kafka's own message does not say which transactional ids these are. */
    private void noteRights(Throwable thrown) {
        Fault.cause(thrown, AuthorizationException.class).ifPresent(refused -> log.atError()
                .log(
                        "the brokers refuse: {} This service needs its topics, the groups {} and {}, and transactional"
                                + " ids and topics that begin with {}-: docs/security.md lists its rights",
                        refused.getMessage(),
                        service.applicationId(),
                        service.attemptsGroup(),
                        service.applicationId()));
    }

    private void noteLocalState(Throwable thrown) {
        try {
            service.localState().failed(thrown);
        } catch (StartupException e) {
            log.atError().log(e.getMessage());
        }
    }
}
