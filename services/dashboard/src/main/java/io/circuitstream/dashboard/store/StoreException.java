package io.circuitstream.dashboard.store;

/** The local store cannot be used: the process must end, and an operator look at the folder that the message names. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
