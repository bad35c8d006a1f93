package io.circuitstream.platform.stream;

import org.apache.kafka.common.errors.RetriableException;

/** Something that a stage needs is away and may come back; the message names it and its address. */
public final class UnavailableException extends RetriableException {

    private static final long serialVersionUID = 1L;

    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    public UnavailableException(String message) {
        super(message);
    }
}
