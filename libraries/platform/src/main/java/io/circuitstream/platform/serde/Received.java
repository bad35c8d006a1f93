package io.circuitstream.platform.serde;

import org.apache.avro.specific.SpecificRecord;

/**
 * An event with the digest of the bytes in which it arrived, which becomes {@code provenance.source.sha256} of what is
 * computed from it.
 *
 * @param bytes how many those are
 */
public record Received<T>(T event, String sha256, int bytes) {

    /** The event as a reader of this version receives it when this version writes it. */
    public static <T extends SpecificRecord> Received<T> asWritten(T event) {
        byte[] body = AvroBody.encode(event);
        return new Received<>(event, EventDigest.sha256(body, 0), body.length);
    }
}
