package io.circuitstream.dashboard.audit;

import io.circuitstream.events.AuditCheckpoint;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.events.BehaviourSummary;
import io.circuitstream.events.Evidence;
import io.circuitstream.events.FeatureUsage;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.RuleKind;
import io.circuitstream.events.Severity;
import io.circuitstream.events.TrustDistribution;
import io.circuitstream.platform.serde.EventDigest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Events as the audit writes them, small. */
public final class AuditEvents {
    public static final ByteBuffer START = ByteBuffer.wrap(new byte[32]);

    private AuditEvents() {}

    /** A finding whose hash is true. */
    public static AuditFinding finding(String id, String promptId, long sequence, ByteBuffer previous) {
        AuditFinding finding = AuditFinding.newBuilder()
                .setFindingId(id)
                .setRule("claims do not hold")
                .setRuleKind(RuleKind.LOW_TRUST)
                .setRuleVersion("v")
                .setRulesVersion("w")
                .setSeverity(Severity.WARNING)
                .setPromptId(promptId)
                .setMessage("refuted 0.6")
                .setEvidence(List.of(Evidence.newBuilder()
                        .setTopic("circuitstream.validations.v1")
                        .setPartition(1)
                        .setOffset(12)
                        .setMeasure("refutedShare")
                        .setValue(0.6)
                        .setThreshold(0.5)
                        .build()))
                .setEventTime(Instant.ofEpochMilli(5))
                .setPartition(0)
                .setSequence(sequence)
                .setPreviousHash(previous)
                .setHash(ByteBuffer.allocate(0))
                .build();
        byte[] body = EventDigest.body(finding);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(previous.duplicate());
            // An empty hash is its length alone, one zero byte.
            finding.setHash(ByteBuffer.wrap(digest.digest(Arrays.copyOf(body, body.length - 1))));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        return finding;
    }

    /** With a signature that nobody made. */
    public static AuditCheckpoint checkpoint(long number, long sequence, ByteBuffer hash) {
        return AuditCheckpoint.newBuilder()
                .setFindingsTopic("circuitstream.findings.v1")
                .setPartition(0)
                .setNumber(number)
                .setSequence(sequence)
                .setHash(hash)
                .setTime(Instant.ofEpochMilli(7))
                .setKeyFingerprint("f1")
                .setSignature(ByteBuffer.allocate(64))
                .build();
    }

    public static BehaviourSummary summary(String scan, long start) {
        return BehaviourSummary.newBuilder()
                .setScan(scan)
                .setWindowStart(Instant.ofEpochMilli(start))
                .setWindowEnd(Instant.ofEpochMilli(start + 1))
                .setProvenance(Provenance.newBuilder().setScan(scan).build())
                .setCircuits(3)
                .setTopFeatures(List.of(new FeatureUsage(1, 515, 3L, 0.25)))
                .setTrust(TrustDistribution.newBuilder().build())
                .build();
    }
}
