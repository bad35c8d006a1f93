package io.circuitstream.platform.stream;

/** A service cannot start where it is; the message tells the operator what is missing and what to do. */
public final class StartupException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StartupException(String message) {
        super(message);
    }

    public StartupException(String message, Throwable cause) {
        super(message, cause);
    }
}
