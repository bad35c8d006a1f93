package io.circuitstream.audit;

import io.circuitstream.audit.rules.Rule.Stage;
import io.circuitstream.audit.rules.RuleSource;
import io.circuitstream.events.AuditCheckpoint;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.events.RuleKind;
import io.circuitstream.events.Severity;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** What the audit counts. No tag is a rule's name or anything else that somebody else chooses. Thread-safe. */
public final class AuditMetrics {
    private final MeterRegistry registry;
    private final Counter checkpoints;
    private final Counter labelsSkipped;

    public AuditMetrics(MeterRegistry registry) {
        this.registry = registry;
        checkpoints = Counter.builder("circuitstream.audit.checkpoints")
                .description("Checkpoints signed")
                .register(registry);
        labelsSkipped = Counter.builder("circuitstream.audit.labels.skipped")
                .description("Descriptions of features that could not be read")
                .register(registry);
        for (Stage stage : Stage.values()) {
            late(stage);
            outOfOrderCounter(stage);
        }
        outOfOrderCounter(null);
        for (RuleSource.Outcome outcome : RuleSource.Outcome.values()) {
            changes(outcome);
        }
        for (RuleKind kind : RuleKind.values()) {
            for (Severity severity : Severity.values()) {
                if (kind != RuleKind.UNKNOWN && severity != Severity.UNKNOWN) {
                    findings(kind, severity);
                }
            }
        }
    }

    /** A finding or a checkpoint was handed over. */
    public void written(SpecificRecord event) {
        if (event instanceof AuditFinding finding) {
            findings(finding.getRuleKind(), finding.getSeverity()).increment();
        } else if (event instanceof AuditCheckpoint) {
            checkpoints.increment();
        }
    }

    /** A result that was reported as missing came after all. */
    public void lateResult(Stage stage) {
        late(stage).increment();
    }

    /** A record is older than one that was read before from the same partition; null: a prompt. */
    public void outOfOrder(@Nullable Stage stage) {
        outOfOrderCounter(stage).increment();
    }

    /** A description of a feature cannot be read. */
    public void labelSkipped() {
        labelsSkipped.increment();
    }

    void rulesChanged(RuleSource.Outcome outcome) {
        changes(outcome).increment();
    }

    private Counter findings(RuleKind kind, Severity severity) {
        return Counter.builder("circuitstream.audit.findings")
                .description("Findings written, by kind of rule and severity")
                .tag("kind", lower(kind))
                .tag("severity", lower(severity))
                .register(registry);
    }

    private Counter late(Stage stage) {
        return Counter.builder("circuitstream.audit.late.results")
                .description("Results that came after they were reported as missing")
                .tag("stage", lower(stage))
                .register(registry);
    }

    private Counter outOfOrderCounter(@Nullable Stage stage) {
        return Counter.builder("circuitstream.audit.out.of.order")
                .description("Records older than one read before from the same partition")
                .tag("of", stage == null ? "prompt" : lower(stage))
                .register(registry);
    }

    private Counter changes(RuleSource.Outcome outcome) {
        return Counter.builder("circuitstream.audit.rules.changes")
                .description("Changes of the rule file, taken or refused")
                .tag("outcome", lower(outcome))
                .register(registry);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
