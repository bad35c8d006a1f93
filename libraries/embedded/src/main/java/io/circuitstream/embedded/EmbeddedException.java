package io.circuitstream.embedded;

import org.jspecify.annotations.Nullable;

/** The broker or the registry cannot start where it was told to; the message says where and what to change. */
public final class EmbeddedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EmbeddedException(String message) {
        this(message, null);
    }

    EmbeddedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
