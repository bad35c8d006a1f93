package io.circuitstream.graphs;

/** A graph's event contradicts itself: whoever wrote it is wrong, and it cannot be read. The message names the column. */
public final class MalformedGraphException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    MalformedGraphException(String message) {
        super(message);
    }

    MalformedGraphException(String message, Throwable cause) {
        super(message, cause);
    }
}
