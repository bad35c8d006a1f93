package io.circuitstream.circuits.attribution;

/** The model or the prompt has no such target: another one has to be asked for. */
public final class NoSuchTargetException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    NoSuchTargetException(String message) {
        super(message);
    }
}
