package io.circuitstream.training.checkpoint;

/** An unfinished run is in the way of another one; the message says what the user can decide. */
public final class UnfinishedRunException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnfinishedRunException(String message) {
        super(message);
    }
}
