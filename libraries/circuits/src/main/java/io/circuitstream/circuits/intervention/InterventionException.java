package io.circuitstream.circuits.intervention;

/** What was asked to be held cannot be: no such feature, position or layer. The message says which and what there is. */
public final class InterventionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public InterventionException(String message) {
        super(message);
    }
}
