package io.circuitstream.platform.stream;

/** A record at which the process ended again and again: it is put aside unread. */
final class TooManyAttemptsException extends RuntimeException {
    TooManyAttemptsException(int attempts) {
        super("the process ended " + attempts + " times at work on this record; it is not tried again until it is"
                + " replayed");
    }
}
