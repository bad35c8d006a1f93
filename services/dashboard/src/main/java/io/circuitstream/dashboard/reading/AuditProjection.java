package io.circuitstream.dashboard.reading;

import io.circuitstream.dashboard.audit.BehaviourTable;
import io.circuitstream.dashboard.audit.ChainTable;
import io.circuitstream.dashboard.audit.FindingTable;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.live.Audience;
import io.circuitstream.dashboard.live.EventLog;
import io.circuitstream.dashboard.store.Step;
import io.circuitstream.events.AuditCheckpoint;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.events.BehaviourSummary;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the audit's events do to the store. For one thread. */
final class AuditProjection {
    private final EventLog log;
    private final int mostFindings;

    AuditProjection(EventLog log, int mostFindings) {
        this.log = log;
        this.mostFindings = mostFindings;
    }

    void apply(Step step, ConsumerRecord<String, byte[]> record, SpecificRecord event, Changed changed) {
        if (event instanceof AuditFinding finding) {
            ChainTable.finding(step, record.partition(), record.offset(), record.value(), finding);
            byte[] json = FindingTable.add(step, finding, record.offset(), mostFindings);
            changed.events.add(log.add(step, "finding", Audience.of(finding.getTenant()), json));
        } else if (event instanceof AuditCheckpoint checkpoint) {
            ChainTable.checkpoint(step, record.partition(), checkpoint);
        } else if (event instanceof BehaviourSummary summary) {
            BehaviourTable.put(step, summary);
            byte[] json = Json.bytes(Json.object()
                    .put("scan", summary.getScan())
                    .put("windowStart", summary.getWindowStart().toEpochMilli()));
            changed.events.add(log.add(step, "behaviour", Audience.OF_ALL_TENANTS, json));
        }
    }

    /** A record on the topic of findings that is none. */
    static void foreign(Step step, ConsumerRecord<String, byte[]> record) {
        ChainTable.foreign(step, record.partition(), record.offset());
    }
}
