package io.circuitstream.platform.stream;

/** A request that cannot be fulfilled; the message tells its sender what is wrong and what to do. */
public final class RequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    public RequestException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** The message, never null. */
    public String reason() {
        return reason;
    }
}
