package io.circuitstream.platform.serde;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.avro.specific.SpecificRecord;

/** The identity of an event in the provenance chain: SHA-256, in hex, of its Avro body without the wire format's header. */
public final class EventDigest {
    private EventDigest() {}

    /**
     * The digest that readers see if this version writes the event. Not for an event that was read: another version may
     * have written it with other bytes; {@link Received#sha256()} is of those.
     */
    public static String sha256(SpecificRecord event) {
        return sha256(AvroBody.encode(event), 0);
    }

    /** The bytes that {@link #sha256(SpecificRecord)} is of. */
    public static byte[] body(SpecificRecord event) {
        return AvroBody.encode(event);
    }

    static String sha256(byte[] bytes, int offset) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, offset, bytes.length - offset);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java platform has SHA-256", e);
        }
    }
}
