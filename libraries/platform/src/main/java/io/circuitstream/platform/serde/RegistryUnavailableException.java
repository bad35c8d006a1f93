package io.circuitstream.platform.serde;

import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** No registry answered, after retries. Says nothing about the record: it must be tried again, never dead-lettered. */
public final class RegistryUnavailableException extends RetriableException {
    private static final long serialVersionUID = 1L;

    RegistryUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
