package io.circuitstream.audit.chain;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.circuitstream.events.AuditCheckpoint;
import java.nio.ByteBuffer;
import java.time.Instant;

/** Signs the state of a chain. The signed bytes are described in the schema of {@link AuditCheckpoint}. */
final class Checkpoints {
    private static final byte[] DOMAIN = "circuitstream-audit-checkpoint-v1\0".getBytes(US_ASCII);

    private Checkpoints() {}

    /** @param state as it is after the checkpoint */
    static AuditCheckpoint sign(SigningKey key, String findingsTopic, int partition, ChainState state) {
        AuditCheckpoint checkpoint = AuditCheckpoint.newBuilder()
                .setFindingsTopic(findingsTopic)
                .setPartition(partition)
                .setNumber(state.checkpoints())
                .setSequence(state.sequence())
                .setHash(ByteBuffer.wrap(state.hash()))
                .setTime(Instant.ofEpochMilli(state.signedAt()))
                .setKeyFingerprint(key.verifying().fingerprint())
                .setSignature(ByteBuffer.allocate(0))
                .build();
        checkpoint.setSignature(ByteBuffer.wrap(key.sign(message(checkpoint))));
        return checkpoint;
    }

    static boolean isSignedBy(VerifyingKey key, AuditCheckpoint checkpoint) {
        return key.verifies(message(checkpoint), ChainHash.bytes(checkpoint.getSignature()));
    }

    static byte[] message(AuditCheckpoint checkpoint) {
        byte[] topic = checkpoint.getFindingsTopic().getBytes(UTF_8);
        byte[] hash = ChainHash.bytes(checkpoint.getHash());
        return ByteBuffer.allocate(DOMAIN.length + 2 * Integer.BYTES + topic.length + hash.length + 3 * Long.BYTES)
                .put(DOMAIN)
                .putInt(topic.length)
                .put(topic)
                .putInt(checkpoint.getPartition())
                .putLong(checkpoint.getNumber())
                .putLong(checkpoint.getSequence())
                .put(hash)
                .putLong(checkpoint.getTime().toEpochMilli())
                .array();
    }
}
