package io.circuitstream.audit.rules;

/** A rule file cannot be used; the message names file and place, what is there and what is allowed. */
public final class RuleFileException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RuleFileException(String message) {
        super(message);
    }
}
