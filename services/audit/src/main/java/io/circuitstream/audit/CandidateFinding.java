package io.circuitstream.audit;

import io.circuitstream.events.AuditFinding;
import io.circuitstream.events.Evidence;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/** A finding that is not yet in a chain: partition, sequence and hashes are the chain writer's. */
public record CandidateFinding(AuditFinding finding) {
    static final int MOST_EVIDENCE = 100;

    /**
     * A finding of a rule.
     *
     * @param occurrence tells this finding from the others of the same rule and subject, and is the same when the same
     *     records are read again: a record's coordinates, a window's start
     * @param evidence most important first; what is more than a hundred entries is counted and left out
     */
    public static CandidateFinding of(
            RuleReference rule,
            Subject subject,
            String occurrence,
            String message,
            List<Evidence> evidence,
            Instant eventTime) {
        List<Evidence> kept = evidence.subList(0, Math.min(MOST_EVIDENCE, evidence.size()));
        return new CandidateFinding(AuditFinding.newBuilder()
                .setFindingId(FindingId.of(rule, subject, occurrence))
                .setRule(rule.name())
                .setRuleKind(rule.kind())
                .setRuleVersion(rule.version())
                .setRulesVersion(rule.rulesVersion())
                .setSeverity(rule.severity())
                .setPromptId(subject.promptId())
                .setTenant(subject.tenant())
                .setModelName(subject.modelName())
                .setModelHash(subject.modelHash())
                .setScan(subject.scan())
                .setMessage(message)
                .setEvidence(List.copyOf(kept))
                .setEvidenceLeftOut(evidence.size() - kept.size())
                .setEventTime(eventTime)
                .setPartition(-1)
                .setSequence(0)
                .setPreviousHash(ByteBuffer.allocate(0))
                .setHash(ByteBuffer.allocate(0))
                .build());
    }
}
