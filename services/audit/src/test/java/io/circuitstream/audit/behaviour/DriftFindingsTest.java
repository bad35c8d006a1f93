package io.circuitstream.audit.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.audit.CandidateFinding;
import io.circuitstream.audit.DriftLimits;
import io.circuitstream.audit.DriftLimits.Measure;
import io.circuitstream.audit.RuleReference;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.events.BehaviourSummary;
import io.circuitstream.events.DriftMeasure;
import io.circuitstream.events.DriftMeasurement;
import io.circuitstream.events.Evidence;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.RuleKind;
import io.circuitstream.events.Severity;
import io.circuitstream.events.TrustDistribution;
import io.circuitstream.events.WindowDrift;
import io.circuitstream.platform.serde.EventClasses;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriftFindingsTest {
    static {
        EventClasses.trust();
    }

    private static final Instant START = Instant.parse("2026-03-01T12:05:00Z");
    private static final RuleReference RULE = new RuleReference("drift", RuleKind.DRIFT, "v", "all", Severity.CRITICAL);

    @Test
    void shouldFindWhenBothLimitsAreMet() {
        BehaviourSummary summary = summary(measured(DriftMeasure.FEATURES, .3, .01));

        assertThat(DriftFindings.of(summary, List.of(rule(Measure.FEATURES, .3, .01))))
                .hasSize(1);
        assertThat(DriftFindings.of(summary, List.of(rule(Measure.FEATURES, .31, .01))))
                .isEmpty();
        assertThat(DriftFindings.of(summary, List.of(rule(Measure.FEATURES, .3, .009))))
                .isEmpty();
        assertThat(DriftFindings.of(summary, List.of(rule(Measure.EDGES, 0, 1))))
                .isEmpty();
    }

    @Test
    void shouldFindNothingInAFirstWindow() {
        BehaviourSummary first =
                BehaviourSummary.newBuilder(summary()).setDrift(null).build();

        assertThat(DriftFindings.of(first, List.of(rule(Measure.FEATURES, 0, 1))))
                .isEmpty();
    }

    @Test
    void shouldDivideTheLevelAmongTheScoresThatWereCompared() {
        BehaviourSummary two =
                summary(measured(DriftMeasure.COMPLETENESS, .2, .02), measured(DriftMeasure.REPLACEMENT, .4, .5));

        assertThat(DriftFindings.of(two, List.of(rule(Measure.SCORES, .1, .04))))
                .hasSize(1);
        assertThat(DriftFindings.of(two, List.of(rule(Measure.SCORES, .1, .03))))
                .isEmpty();
        assertThat(DriftFindings.of(
                        summary(measured(DriftMeasure.COMPLETENESS, .2, .02)), List.of(rule(Measure.SCORES, .1, .02))))
                .hasSize(1);
    }

    @Test
    void shouldSayWhatChangedAndByHowMuch() {
        BehaviourSummary summary = summary(
                measured(DriftMeasure.COMPLETENESS, .2, .005), measured(DriftMeasure.CONFIRMED_SHARE, .5, .005));

        AuditFinding finding = DriftFindings.of(summary, List.of(rule(Measure.SCORES, .1, .01)))
                .get(0)
                .finding();

        assertThat(finding.getScan()).isEqualTo("scan");
        assertThat(finding.getEventTime()).isEqualTo(START.plusSeconds(300));
        assertThat(finding.getSeverity()).isEqualTo(Severity.CRITICAL);
        assertThat(finding.getMessage())
                .contains(
                        "2026-03-01T12:00:00Z", "2026-03-01T12:05:00Z", "confirmed share of scan scan", "0.5000 bits");
        assertThat(finding.getEvidence()).hasSize(10);
        Evidence first = finding.getEvidence().get(0);
        assertThat(first.getMeasure()).isEqualTo("divergence");
        assertThat(first.getText()).isEqualTo("confirmed_share");
        assertThat(first.getValue()).isEqualTo(.5);
        assertThat(first.getThreshold()).isEqualTo(.1);
        assertThat(finding.getEvidence().get(1).getThreshold()).isEqualTo(.005);
    }

    @Test
    void shouldNameFindingsByRuleMeasureAndWindow() {
        BehaviourSummary summary =
                summary(measured(DriftMeasure.FEATURES, .3, .01), measured(DriftMeasure.EDGES, .3, .01));
        List<DriftLimits> rules = List.of(rule(Measure.FEATURES, .1, .05), rule(Measure.EDGES, .1, .05));

        List<String> ids = ids(DriftFindings.of(summary, rules));
        assertThat(ids).hasSize(2).doesNotHaveDuplicates().isEqualTo(ids(DriftFindings.of(summary, rules)));
        BehaviourSummary next = BehaviourSummary.newBuilder(summary)
                .setWindowStart(START.plusSeconds(300))
                .build();
        assertThat(ids(DriftFindings.of(next, rules))).doesNotContainAnyElementsOf(ids);
    }

    private static List<String> ids(List<CandidateFinding> findings) {
        return findings.stream().map(f -> f.finding().getFindingId()).toList();
    }

    private static DriftLimits rule(Measure measure, double divergence, double level) {
        return new DriftLimits(RULE, measure, divergence, level);
    }

    private static DriftMeasurement measured(DriftMeasure measure, double divergence, double pValue) {
        return new DriftMeasurement(measure, divergence, pValue, .15, 30, 40, 10);
    }

    private static BehaviourSummary summary(DriftMeasurement... measurements) {
        return BehaviourSummary.newBuilder()
                .setScan("scan")
                .setWindowStart(START)
                .setWindowEnd(START.plusSeconds(300))
                .setProvenance(Provenance.newBuilder().build())
                .setTrust(TrustDistribution.newBuilder().build())
                .setDrift(new WindowDrift(START.minusSeconds(300), 199, 1L, 512, List.of(measurements)))
                .build();
    }
}
