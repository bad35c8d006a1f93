package io.circuitstream.audit.chain;

import io.circuitstream.events.AuditFinding;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What verification needs of one record on the findings topic; hashes in hex.
 *
 * @param computed what the hash of this record should be, given the previous hash that it names
 * @param unreadable why it is no finding; null when it is one
 */
public record ChainEntry(
        long offset,
        int partition,
        long sequence,
        String previous,
        String hash,
        String computed,
        @Nullable String unreadable) {
    private static final int WIRE_FORMAT = 5;

    /**
     * Of a finding as it was written.
     *
     * @param value the whole value, with the five bytes of the wire format
     */
    public static ChainEntry of(long offset, byte[] value, AuditFinding finding) {
        try {
            byte[] previous = ChainHash.bytes(finding.getPreviousHash());
            String computed = HexFormat.of().formatHex(ChainHash.ofWritten(previous, value, WIRE_FORMAT));
            String hash = ChainHash.hex(finding.getHash());
            return new ChainEntry(
                    offset,
                    finding.getPartition(),
                    finding.getSequence(),
                    ChainHash.hex(finding.getPreviousHash()),
                    hash,
                    // One text instead of two equal ones: all of a chain's are held at once.
                    computed.equals(hash) ? hash : computed,
                    null);
        } catch (IllegalArgumentException e) {
            return unreadable(offset, String.valueOf(e.getMessage()));
        }
    }

    /** A record that is no finding. */
    public static ChainEntry unreadable(long offset, String reason) {
        return new ChainEntry(offset, -1, -1, "", "", "", reason);
    }

    boolean isSound() {
        return unreadable == null && hash.equals(computed);
    }

    /** Whether it says that it comes right after a finding with that sequence and hash. */
    boolean follows(long before, String hashBefore) {
        return sequence == before + 1 && previous.equals(hashBefore);
    }
}
