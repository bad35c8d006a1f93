package io.circuitstream.audit;

import io.circuitstream.events.Evidence;
import io.circuitstream.events.RuleKind;
import io.circuitstream.events.Severity;
import java.time.Instant;
import java.util.List;

/** Findings for tests of what does not look at them. */
public final class Candidates {
    public static final RuleReference RULE =
            new RuleReference("low trust", RuleKind.LOW_TRUST, "ab".repeat(32), "cd".repeat(32), Severity.WARNING);

    private Candidates() {}

    public static CandidateFinding numbered(int number) {
        Evidence evidence = Evidence.newBuilder()
                .setTopic("circuitstream.validations.v1")
                .setPartition(0)
                .setOffset(number)
                .setMeasure("completeness")
                .setValue(number / 100.0)
                .setThreshold(.5)
                .build();
        return CandidateFinding.of(
                RULE,
                new Subject("prompt-" + number, "default", "tiny", "ef".repeat(32), "01".repeat(32)),
                "circuitstream.validations.v1/0/" + number,
                "completeness is low",
                List.of(evidence),
                Instant.ofEpochMilli(1_700_000_000_000L + number));
    }
}
