package io.circuitstream.dashboard.audit;

import io.circuitstream.events.AuditFinding;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What links a finding to the one before; hashes in hex.
 *
 * @param offset of its record
 * @param partition that it says it is of
 * @param previous hash of the finding before, as it says
 * @param hash its own, as it says
 * @param computed what its own should be
 */
record Link(long offset, int partition, long sequence, String previous, String hash, String computed) {
    private static final int WIRE_FORMAT = 5;
    /** The hash is the schema's last field: its length, one byte, and 32 bytes. */
    private static final int TAIL = 33;

    /** @param value of the record, with the five bytes of the wire format */
    static Link of(long offset, byte[] value, AuditFinding finding) {
        return new Link(
                offset,
                finding.getPartition(),
                finding.getSequence(),
                hex(finding.getPreviousHash()),
                hex(finding.getHash()),
                computed(value, finding.getPreviousHash()));
    }

    static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return HexFormat.of().formatHex(copy);
    }

    /** SHA-256(previous hash ‖ Avro body without its hash), as the schema of AuditFinding says. */
    private static String computed(byte[] value, ByteBuffer previous) {
        if (value.length < WIRE_FORMAT + TAIL) {
            return "";
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(previous.duplicate());
            digest.update(value, WIRE_FORMAT, value.length - WIRE_FORMAT - TAIL);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
