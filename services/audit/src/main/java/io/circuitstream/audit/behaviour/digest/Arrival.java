package io.circuitstream.audit.behaviour.digest;

/** An observation on its way to the owner of its scan. */
public record Arrival(String promptId, Observation seen) implements Message {

    /** What the window keeps: the same for the same record. */
    public byte[] entry() {
        return MessageCodec.encode(this);
    }
}
