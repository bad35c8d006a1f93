package io.circuitstream.dashboard.reading;

/** The local store is of other topics than those there are: the process must end, and the message says what to do. */
public final class ForeignStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ForeignStoreException(String message) {
        super(message);
    }
}
