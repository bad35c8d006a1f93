package io.circuitstream.dashboard.json;

/** A request's JSON is not what its field takes; the message begins with the field's name. */
public final class FieldException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FieldException(String field, String problem) {
        super(field + " " + problem);
    }
}
