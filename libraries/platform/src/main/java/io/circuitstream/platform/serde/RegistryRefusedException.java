package io.circuitstream.platform.serde;

import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * The registry answered and will answer the same again: an incompatible or unregistered schema, refused credentials, an
 * address that is no registry. The process cannot go on; an operator must act on the message.
 */
public final class RegistryRefusedException extends KafkaException {
    private static final long serialVersionUID = 1L;

    RegistryRefusedException(String message) {
        this(message, null);
    }

    RegistryRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
