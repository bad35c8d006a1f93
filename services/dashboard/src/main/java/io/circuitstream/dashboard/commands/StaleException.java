package io.circuitstream.dashboard.commands;

/** Somebody else changed it meanwhile: read it again and repeat the change. */
public final class StaleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StaleException(int revision) {
        super("somebody else changed the annotations: they are at revision " + revision + " now");
    }
}
