package io.circuitstream.audit.behaviour.digest;

/**
 * An observation on its way to the owner of its scan.
 *
 * @param source which partition of which topic it was read from, as one number: it decides how long windows wait, and is not kept
 */
public record Arrival(int source, String promptId, Observation seen) {

    /** What the window keeps: the same for the same record, from whichever partition it came. */
    public byte[] entry() {
        return ObservationCodec.encode(promptId, seen);
    }
}
