package io.circuitstream.description.endpoint;

/** The endpoint gave no label; the message never holds the token or a prompt. */
final class EndpointException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean refused;

    /** @param refused whether asking again is useless until somebody changes the settings */
    EndpointException(String message, boolean refused) {
        super(message);
        this.refused = refused;
    }

    boolean isRefused() {
        return refused;
    }
}
