package io.circuitstream.dashboard.commands;

/** The brokers did not take an event: whoever asked may ask again. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandException(String message) {
        super(message);
    }

    CommandException(String message, Throwable cause) {
        super(message, cause);
    }
}
