package io.circuitstream.audit.chain;

import io.circuitstream.events.AuditFinding;
import io.circuitstream.platform.serde.EventDigest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256(previous hash ‖ Avro body of the finding without its hash). The hash is the schema's last field, so the body without it is
 * the body without its last 33 bytes: whoever verifies needs no Avro for it, and no schema but for reading what was found.
 */
final class ChainHash {
    static final int BYTES = 32;
    /** Avro's length of 32 bytes, and the bytes. */
    private static final int TAIL = 1 + BYTES;

    private static final byte LENGTH = 2 * BYTES;

    private ChainHash() {}

    /** What the first finding of a chain names as its previous hash. */
    static byte[] start() {
        return new byte[BYTES];
    }

    /** Of a finding whose hash is still empty. */
    static byte[] of(AuditFinding finding) {
        byte[] body = EventDigest.body(finding);
        // An empty hash is its length alone, one zero byte.
        return digest(bytes(finding.getPreviousHash()), body, 0, body.length - 1);
    }

    /**
     * Of a body as it was written, from {@code offset} to its end.
     *
     * @throws IllegalArgumentException when the body does not end in a hash
     */
    static byte[] ofWritten(byte[] previous, byte[] value, int offset) {
        int end = value.length - TAIL;
        if (end < offset || value[end] != LENGTH) {
            throw new IllegalArgumentException("the record does not end in a hash of 32 bytes");
        }
        return digest(previous, value, offset, end);
    }

    static String hex(ByteBuffer bytes) {
        return HexFormat.of().formatHex(bytes(bytes));
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] digest(byte[] previous, byte[] bytes, int from, int to) {
        MessageDigest digest = sha256();
        digest.update(previous);
        digest.update(bytes, from, to - from);
        return digest.digest();
    }
}
