package io.circuitstream.platform.stream;

import io.circuitstream.platform.logging.LogKeys;
import java.time.Duration;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The wait between two attempts during an outage: noted, counted and logged. */
final class Retry {

    private static final Logger log = LoggerFactory.getLogger(Retry.class);

    private Retry() {}

    /** Blocks until the next attempt is due; false when the service is stopping, so that there is none. */
    static boolean await(ServiceContext service, RetriableException outage) {
        service.metrics().retry();
        Duration wait = service.outage().seen(outage.toString());
        log.atWarn()
                .addKeyValue(LogKeys.STAGE, service.name())
                .addKeyValue(LogKeys.ATTEMPT, service.outage().attempts())
                .addKeyValue(LogKeys.ERROR, outage.toString())
                .log("outage: trying again in {} ms", wait.toMillis());
        try {
            return !isStopping(service.lifecycle().await(Retry::isStopping, wait));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean isStopping(Lifecycle lifecycle) {
        return lifecycle == Lifecycle.CLOSING || lifecycle.isFinal();
    }
}
