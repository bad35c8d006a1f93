package io.circuitstream.audit.chain;

import io.circuitstream.audit.Candidates;
import io.circuitstream.events.AuditCheckpoint;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.platform.serde.EventDigest;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A chain as someone with write access to the topics has it: findings and checkpoints in the order of their offsets. */
final class Chain {
    static final String FINDINGS = "circuitstream.findings.v1";
    static final String CHECKPOINTS = "circuitstream.checkpoints.v1";
    static final int PARTITION = 2;
    static final Instant SIGNED = Instant.ofEpochMilli(1_700_000_000_000L);

    final List<AuditFinding> findings = new ArrayList<>();
    final List<AuditCheckpoint> checkpoints = new ArrayList<>();

    /** With a checkpoint of nothing, one after every fourth finding and one after the last. */
    static Chain of(int count, SigningKey key) {
        Chain chain = new Chain();
        ChainState state = chain.sign(ChainState.empty(), key);
        for (int i = 1; i <= count; i++) {
            AuditFinding finding = Candidates.numbered(i).finding();
            chain.findings.add(finding);
            link(finding, i, state.hash());
            state = state.appended(ChainHash.bytes(finding.getHash()), 0);
            if (i % 4 == 0 || i == count) {
                state = chain.sign(state, key);
            }
        }
        return chain;
    }

    private ChainState sign(ChainState state, SigningKey key) {
        ChainState signed = state.signed(SIGNED.toEpochMilli() + state.checkpoints());
        checkpoints.add(Checkpoints.sign(key, FINDINGS, PARTITION, signed));
        return signed;
    }

    static void link(AuditFinding finding, long sequence, byte[] previous) {
        finding.setPartition(PARTITION);
        finding.setSequence(sequence);
        finding.setPreviousHash(ByteBuffer.wrap(previous));
        rehash(finding);
    }

    static void rehash(AuditFinding finding) {
        finding.setHash(ByteBuffer.allocate(0));
        finding.setHash(ByteBuffer.wrap(ChainHash.of(finding)));
    }

    /** What someone does who knows how the chain is made: everything from an index on linked anew, in the order it stands. */
    void relink(int from) {
        byte[] previous = from == 0
                ? ChainHash.start()
                : ChainHash.bytes(findings.get(from - 1).getHash());
        for (int i = from; i < findings.size(); i++) {
            link(findings.get(i), i + 1L, previous);
            previous = ChainHash.bytes(findings.get(i).getHash());
        }
    }

    List<ChainEntry> entries() {
        return IntStream.range(0, findings.size())
                .mapToObj(i -> ChainEntry.of(i, value(findings.get(i)), findings.get(i)))
                .toList();
    }

    List<CheckpointEntry> checkpointEntries() {
        return IntStream.range(0, checkpoints.size())
                .mapToObj(i -> new CheckpointEntry(i, checkpoints.get(i)))
                .toList();
    }

    static byte[] value(AuditFinding finding) {
        byte[] body = EventDigest.body(finding);
        return ByteBuffer.allocate(5 + body.length)
                .put((byte) 0)
                .putInt(7)
                .put(body)
                .array();
    }
}
