package io.circuitstream.audit;

import io.circuitstream.events.AuditFinding;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Candidates on their topic, as findings under the subject of the findings topic: the registry needs no subject of its own for them. */
final class CandidateSerde {
    private CandidateSerde() {}

    static Serde<CandidateFinding> of(Serde<AuditFinding> findings, String findingsTopic) {
        return Serdes.serdeFrom(
                (topic, candidate) -> findings.serializer().serialize(findingsTopic, candidate.finding()),
                (topic, bytes) -> new CandidateFinding(findings.deserializer().deserialize(findingsTopic, bytes)));
    }
}
