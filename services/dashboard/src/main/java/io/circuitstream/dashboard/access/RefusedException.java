package io.circuitstream.dashboard.access;

/** A caller is not let in; the message is for the caller and holds nothing of what was sent. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Why why;

    /** What the caller can do about it. */
    public enum Why {
        /** Bring a token that is known and valid. */
        NOT_KNOWN,
        /** Ask whoever gives out roles and tenants. */
        NO_RIGHTS,
        /** Try again: the issuer does not answer. */
        ISSUER_AWAY
    }

    RefusedException(Why why, String message) {
        super(message);
        this.why = why;
    }

    public Why why() {
        return why;
    }
}
