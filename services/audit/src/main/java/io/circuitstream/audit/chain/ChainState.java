package io.circuitstream.audit.chain;

import java.nio.ByteBuffer;

/**
 * Where a chain stands.
 *
 * @param sequence of the last finding, 0 when there is none
 * @param hash of the last finding
 * @param checkpoints signed so far
 * @param signedSequence sequence that the last checkpoint names
 * @param signedAt when that was, 0 when there is none
 * @param unsignedSince when the oldest finding after it came, 0 when there is none
 */
record ChainState(
        long sequence, byte[] hash, long checkpoints, long signedSequence, long signedAt, long unsignedSince) {
    private static final int SIZE = 5 * Long.BYTES + ChainHash.BYTES;

    static ChainState empty() {
        return new ChainState(0, ChainHash.start(), 0, 0, 0, 0);
    }

    ChainState appended(byte[] newHash, long now) {
        return new ChainState(
                sequence + 1, newHash, checkpoints, signedSequence, signedAt, unsigned() == 0 ? now : unsignedSince);
    }

    ChainState signed(long now) {
        return new ChainState(sequence, hash, checkpoints + 1, sequence, now, 0);
    }

    /** Findings after the last checkpoint. */
    long unsigned() {
        return sequence - signedSequence;
    }

    byte[] encode() {
        return ByteBuffer.allocate(SIZE)
                .putLong(sequence)
                .put(hash)
                .putLong(checkpoints)
                .putLong(signedSequence)
                .putLong(signedAt)
                .putLong(unsignedSince)
                .array();
    }

    static ChainState decode(byte[] bytes) {
        if (bytes.length != SIZE) {
            throw new IllegalStateException("the state of a chain has " + SIZE + " bytes, not " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long sequence = buffer.getLong();
        byte[] hash = new byte[ChainHash.BYTES];
        buffer.get(hash);
        return new ChainState(sequence, hash, buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }
}
