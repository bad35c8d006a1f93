package io.circuitstream.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.audit.behaviour.BehaviourSettings;
import io.circuitstream.audit.behaviour.Synthetic;
import io.circuitstream.events.AuditCheckpoint;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.ClaimVerdict;
import io.circuitstream.events.Columns;
import io.circuitstream.events.Evidence;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.RuleKind;
import io.circuitstream.events.Severity;
import io.circuitstream.events.Status;
import io.circuitstream.events.Topics.Event;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTopologyTest {
    private static final String WATCHED = """
            rules:
              - {name: f, kind: watched-feature, severity: critical, layer: 1, feature: 17, influence: 0.2}
            """;
    private static final String MISSING = """
            rules:
              - {name: late, kind: missing-stage, severity: critical, stage: validation, within: 60s}
              - {name: no circuit, kind: missing-stage, severity: warning, stage: pruning, within: 2m}
            """;

    @TempDir
    Path folder;

    private Driver audit;

    @AfterEach
    void stop() {
        audit.close();
    }

    private void start(String rules) {
        audit = new Driver(folder, rules, Map.of());
    }

    @Test
    void shouldFindAWatchedFeatureWhenItsInfluenceOverAllPositionsReachesTheThreshold() {
        start(WATCHED);
        audit.circuit(AuditEvents.circuit(
                "below",
                AuditEvents.feature(1, 17, 2, .19),
                AuditEvents.feature(1, 18, 2, .9),
                AuditEvents.feature(2, 17, 2, .9),
                AuditEvents.node(NodeKind.TOKEN, 1, 17, 3, .9)));
        assertThat(audit.findings()).isEmpty();

        audit.circuit(
                AuditEvents.circuit("above", AuditEvents.feature(1, 17, 2, .05), AuditEvents.feature(1, 17, 3, .16)));

        AuditFinding finding = only();
        assertThat(finding.getRuleKind()).isEqualTo(RuleKind.WATCHED_FEATURE);
        assertThat(finding.getSeverity()).isEqualTo(Severity.CRITICAL);
        assertThat(finding.getPromptId()).isEqualTo("above");
        assertThat(finding.getTenant()).isEqualTo("lab");
        assertThat(finding.getScan()).isEqualTo(AuditEvents.SCAN);
        assertThat(finding.getModelName()).isEqualTo("tiny");
        assertThat(finding.getEventTime()).isEqualTo(Driver.START);
        Evidence sum = finding.getEvidence().get(0);
        assertThat(sum.getTopic()).isEqualTo("circuitstream.circuits.v1");
        assertThat(sum.getOffset()).isEqualTo(1);
        assertThat(sum.getValue()).isCloseTo(.21, within(1e-6));
        assertThat(sum.getThreshold()).isEqualTo(.2);
        assertThat(sum.getSha256()).hasSize(64);
        assertThat(finding.getEvidence().subList(1, 3))
                .extracting(Evidence::getNode, Evidence::getLayer, Evidence::getFeature, Evidence::getPosition)
                .containsExactly(tuple("1_17_3", 1, 17, 3), tuple("1_17_2", 1, 17, 2));
        assertThat(audit.count("circuitstream.audit.findings", "kind", "watched-feature"))
                .isEqualTo(1);
    }

    @Test
    void shouldLeaveOutFailedCircuitsAndThoseOfAnotherScan() {
        start("""
                rules:
                  - {name: other, kind: watched-feature, severity: info, scan: "%s", layer: 1, feature: 17, influence: 0.2}
                  - {name: ours, kind: watched-feature, severity: info, scan: "%s", layer: 1, feature: 17, influence: 0.2}
                """.formatted("00".repeat(32), AuditEvents.SCAN));

        audit.circuit(AuditEvents.circuit("failed", Status.FAILED, AuditEvents.feature(1, 17, 2, .9)));
        audit.circuit(AuditEvents.circuit("ok", AuditEvents.feature(1, 17, 2, .9)));

        assertThat(only().getRule()).isEqualTo("ours");
    }

    @Test
    void shouldFindWatchedLabelsWhenTheFeaturesAreCalledSo() {
        start("""
                rules:
                  - {name: refusals, kind: watched-label, severity: warning, label: "(?i)refus(al|es)", influence: 0.3}
                """);
        audit.feature(label(1, 17, "Refusal of harm"));
        audit.feature(label(1, 18, "it refuses"));
        audit.feature(label(1, 19, "weather"));
        audit.circuit(AuditEvents.circuit(
                "below",
                AuditEvents.feature(1, 17, 2, .2),
                AuditEvents.feature(1, 19, 2, .9),
                AuditEvents.feature(1, 20, 2, .9)));
        assertThat(audit.findings()).isEmpty();

        audit.circuit(
                AuditEvents.circuit("above", AuditEvents.feature(1, 17, 2, .2), AuditEvents.feature(1, 18, 4, .11)));
        assertThat(only().getEvidence().subList(1, 3))
                .extracting(Evidence::getText)
                .containsExactly("Refusal of harm", "it refuses");

        audit.feature(label(1, 18, "something else"));
        audit.circuit(
                AuditEvents.circuit("renamed", AuditEvents.feature(1, 17, 2, .2), AuditEvents.feature(1, 18, 4, .11)));
        assertThat(audit.findings()).isEmpty();
    }

    @Test
    void shouldFindAWatchedSupernodeWhenItsMembersTogetherReachTheThreshold() {
        start("""
                rules:
                  - name: pair
                    kind: watched-supernode
                    severity: info
                    features: [{layer: 0, feature: 3}, {layer: 4, feature: 9}]
                    influence: 0.3
                """);
        audit.circuit(
                AuditEvents.circuit("below", AuditEvents.feature(0, 3, 2, .29), AuditEvents.feature(0, 9, 2, .9)));
        audit.circuit(
                AuditEvents.circuit("above", AuditEvents.feature(0, 3, 2, .2), AuditEvents.feature(4, 9, 2, .1001)));

        assertThat(only().getPromptId()).isEqualTo("above");
    }

    @Test
    void shouldFindLowTrustWhenAnyOfItsConditionsHolds() {
        start("""
                rules:
                  - name: trust
                    kind: low-trust
                    severity: warning
                    completenessBelow: 0.5
                    replacementDisagrees: true
                    refutedShareAbove: 0.25
                    confirmedShareBelow: 0.5
                """);
        ClaimVerdict yes = ClaimVerdict.CONFIRMED;
        ClaimVerdict no = ClaimVerdict.REFUTED;
        audit.validation(AuditEvents.report("at every limit", .5, true, yes, yes, no, ClaimVerdict.INCONCLUSIVE));
        audit.validation(AuditEvents.report("no claims", .5, true));
        audit.validation(AuditEvents.failedReport("failed"));
        assertThat(audit.findings()).isEmpty();

        audit.validation(AuditEvents.report("completeness", .49, true, yes));
        assertThat(only().getEvidence()).extracting(Evidence::getMeasure).containsExactly("completeness");
        audit.validation(AuditEvents.report("replacement", .5, false, yes));
        assertThat(only().getEvidence()).extracting(Evidence::getMeasure).containsExactly("replacementAgrees");
        audit.validation(AuditEvents.report("refuted", .5, true, yes, yes, no));
        assertThat(only().getEvidence())
                .extracting(Evidence::getMeasure, Evidence::getNode, Evidence::getValue)
                .containsExactly(
                        tuple("refutedShare", "", 1 / 3.0),
                        tuple("claimPredicted", "0_2_1", 1.0),
                        tuple("claimMeasured", "0_2_1", -.5));
        audit.validation(AuditEvents.report("unconfirmed", .5, true, ClaimVerdict.INCONCLUSIVE));
        assertThat(only().getMessage()).contains("confirmedShare 0.000 is below 0.5");
    }

    @Test
    void shouldFindASteeringWhenItChangedTheAnswerByMoreThanTheThreshold() {
        start("rules: [{name: s, kind: steering, severity: info, divergenceAbove: 0.5}]");
        audit.steering(AuditEvents.steering("same answer", 3, 3, 2));
        audit.steering(AuditEvents.steering("hardly", 3, 4, .5));
        audit.steering(AuditEvents.steering("changed", 3, 4, .51));

        AuditFinding finding = only();
        assertThat(finding.getPromptId()).isEqualTo("changed");
        assertThat(finding.getEvidence())
                .extracting(Evidence::getMeasure, Evidence::getText, Evidence::getLayer, Evidence::getFeature)
                .containsExactly(
                        tuple("divergence", "", -1, -1),
                        tuple("cleanProbability", "t3", -1, -1),
                        tuple("steeredProbability", "t4", -1, -1),
                        tuple("heldFactor", "", 1, 17));
    }

    @Test
    void shouldReportAMissingStageOnceWhenItsTimeIsUp() {
        start(MISSING);
        audit.prompt(AuditEvents.prompt("p"));
        audit.inference(AuditEvents.inference("p", Status.OK));
        audit.advance(Duration.ofSeconds(59));
        assertThat(audit.findings()).isEmpty();

        audit.advance(Duration.ofSeconds(2));

        AuditFinding finding = only();
        assertThat(finding.getRule()).isEqualTo("late");
        assertThat(finding.getTenant()).isEqualTo("lab");
        assertThat(finding.getMessage())
                .isEqualTo("no result of validation within 60 s; the last stage seen is inference");
        assertThat(finding.getEventTime()).isEqualTo(Driver.START.plusSeconds(60));
        assertThat(finding.getEvidence())
                .extracting(Evidence::getTopic, Evidence::getText)
                .containsExactly(
                        tuple("circuitstream.prompts.v1", "validation"),
                        tuple("circuitstream.inferences.v1", "inference"));
        audit.advance(Duration.ofSeconds(60));
        assertThat(only().getRule()).isEqualTo("no circuit");
        audit.advance(Duration.ofHours(1));
        assertThat(audit.findings()).isEmpty();
    }

    @Test
    void shouldCountALateResultWhenItWasReportedAsMissing() {
        start(MISSING);
        audit.prompt(AuditEvents.prompt("p"));
        audit.inference(AuditEvents.inference("p", Status.OK));
        audit.advance(Duration.ofSeconds(61));
        audit.circuit(AuditEvents.circuit("p"));
        assertThat(audit.count("circuitstream.audit.late.results", "stage", "pruning"))
                .isZero();
        audit.validation(AuditEvents.report("p", 1, true));

        assertThat(audit.count("circuitstream.audit.late.results", "stage", "validation"))
                .isEqualTo(1);
        assertThat(audit.findings()).hasSize(1);
        audit.advance(Duration.ofHours(1));
        assertThat(audit.findings()).as("nothing is open any more").isEmpty();
    }

    @Test
    void shouldReportNothingWhenAllResultsCameInWhateverOrderAlsoFailedOnes() {
        start(MISSING);
        audit.validation(AuditEvents.failedReport("backwards"));
        audit.circuit(AuditEvents.circuit("backwards", Status.FAILED));
        audit.inference(AuditEvents.inference("backwards", Status.FAILED));
        audit.prompt(AuditEvents.prompt("backwards"));
        audit.validation(AuditEvents.failedReport("never asked for"));

        audit.advance(Duration.ofHours(2));

        assertThat(audit.findings()).isEmpty();
    }

    @Test
    void shouldGiveABacklogItsTimeAnewWhenTheServiceWasAway() {
        start(MISSING);
        audit.prompt(AuditEvents.prompt("p"));
        audit.advance(Duration.ofSeconds(50));
        audit.restart();
        audit.advance(Duration.ofSeconds(59));
        assertThat(audit.findings()).isEmpty();

        audit.advance(Duration.ofSeconds(2));

        assertThat(only().getMessage()).endsWith("the last stage seen is none");
    }

    @Test
    void shouldForgetAPromptWhenItIsOlderThanTheLateLimit() {
        audit = new Driver(folder, MISSING, Map.of(AuditSettings.LATE_LIMIT.key(), "3m"));
        audit.prompt(AuditEvents.prompt("p"));
        audit.advance(Duration.ofMinutes(2).plusSeconds(1));
        assertThat(audit.findings()).hasSize(2);
        audit.advance(Duration.ofMinutes(2));

        audit.validation(AuditEvents.report("p", 1, true));

        assertThat(audit.count("circuitstream.audit.late.results", "stage", "validation"))
                .isZero();
    }

    @Test
    void shouldCountARecordWhenItIsOlderThanTheOneBefore() {
        start(WATCHED);
        byte[] value = audit.service
                .serde(Circuit.class)
                .serializer()
                .serialize(audit.service.topic(Event.CIRCUITS), AuditEvents.circuit("p"));
        for (int second : List.of(0, 5, 3, 4, 6)) {
            audit.pipe(Event.CIRCUITS, "p".getBytes(UTF_8), value, Driver.START.plusSeconds(second));
        }

        assertThat(audit.count("circuitstream.audit.out.of.order", "of", "pruning"))
                .isEqualTo(2);
    }

    @Test
    void shouldMakeOneDeadLetterAndGoOnWhenARecordIsPoison() {
        start(WATCHED);
        List<Event> read = List.of(Event.PROMPTS, Event.INFERENCES, Event.CIRCUITS, Event.VALIDATIONS, Event.STEERED);
        for (Event event : read) {
            audit.pipe(event, "p".getBytes(UTF_8), ("poison of " + event).getBytes(UTF_8), Driver.START);
            audit.pipe(event, "p".getBytes(UTF_8), null, Driver.START);
        }
        byte[] good = audit.service
                .serde(Circuit.class)
                .serializer()
                .serialize(
                        audit.service.topic(Event.CIRCUITS),
                        AuditEvents.circuit("q", AuditEvents.feature(1, 17, 2, .9)));
        audit.pipe(Event.CIRCUITS, null, good, Driver.START);
        audit.pipe(Event.CIRCUITS, "q".getBytes(UTF_8), good, Driver.START);

        List<byte[]> letters = audit.values(audit.service.deadLetterTopic());
        assertThat(letters).hasSize(2 * read.size() + 1);
        assertThat(letters.get(0)).asString(UTF_8).isEqualTo("poison of PROMPTS");
        assertThat(letters.get(letters.size() - 1)).isEqualTo(good);
        assertThat(only().getPromptId()).isEqualTo("q");
    }

    @Test
    void shouldMakeOneDeadLetterWhenACircuitContradictsItself() {
        start(WATCHED);
        Circuit columns = AuditEvents.circuit("columns", AuditEvents.feature(1, 17, 2, .9));
        columns.setEdgeSource(Columns.of(new int[] {0}));
        Circuit range = AuditEvents.circuit("range", AuditEvents.feature(1, 17, 2, .9));
        range.setEdgeSource(Columns.of(new int[] {0}));
        range.setEdgeTarget(Columns.of(new int[] {1}));
        range.setEdgeWeight(Columns.of(new float[] {1}));
        Circuit influence = AuditEvents.circuit("influence", AuditEvents.feature(1, 17, 2, Double.NaN));
        for (Circuit broken : List.of(columns, range, influence)) {
            audit.circuit(broken);

            assertThat(audit.values(audit.service.deadLetterTopic()))
                    .as(broken.getPromptId())
                    .hasSize(1);
        }
        assertThat(audit.findings()).isEmpty();
    }

    @Test
    void shouldPutADriftIntoTheChainWhenAWindowDiffersFromTheOneBefore() {
        // Never quiet, so that no broker is asked whether there is more to read.
        audit = new Driver(
                folder,
                "rules: [{name: d, kind: drift, severity: warning, measure: features, divergence: 0.1, level: 0.05}]",
                Map.of(BehaviourSettings.QUIET.key(), "1d"));
        Random random = new Random(5);
        for (int i = 0; i < 80; i++) {
            Synthetic subjects = new Synthetic(AuditEvents.SCAN, i < 40 ? 0 : 5, 48, 100);
            if (i == 40) {
                audit.advance(Duration.ofMinutes(5));
            }
            audit.circuit(subjects.circuit("p" + i, random));
        }
        for (int i = 0; i < 10; i++) {
            audit.advance(Duration.ofHours(6));
            audit.circuit(AuditEvents.circuit("later" + i));
            audit.validation(AuditEvents.report("later" + i, 1, true));
        }

        List<AuditFinding> findings = audit.findings();
        assertThat(findings).isNotEmpty();
        assertThat(findings.get(0).getRule()).isEqualTo("d");
        assertThat(findings.get(0).getScan()).isEqualTo(AuditEvents.SCAN);
        assertThat(findings.get(0).getSequence()).isEqualTo(1);
    }

    @Test
    void shouldGoOnWhenADescriptionOfAFeatureIsPoison() {
        start("rules: [{name: l, kind: watched-label, severity: info, label: refusal, influence: 0.1}]");
        audit.pipe(Event.FEATURES, "k".getBytes(UTF_8), "poison".getBytes(UTF_8), Driver.START);
        audit.feature(label(1, 17, "refusal"));

        audit.circuit(AuditEvents.circuit("p", AuditEvents.feature(1, 17, 2, .9)));

        assertThat(only().getRule()).isEqualTo("l");
        assertThat(audit.service
                        .registry()
                        .get("circuitstream.audit.labels.skipped")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void shouldGoOnWithTheChainWhenTheServiceIsRestarted() {
        start(WATCHED);
        for (int i = 0; i < 3; i++) {
            audit.circuit(AuditEvents.circuit("p" + i, AuditEvents.feature(1, 17, 2, .9)));
        }
        List<AuditFinding> before = audit.findings();
        audit.restart();
        audit.circuit(AuditEvents.circuit("p3", AuditEvents.feature(1, 17, 2, .9)));
        AuditFinding after = only();

        assertThat(before).extracting(AuditFinding::getSequence).containsExactly(1L, 2L, 3L);
        assertThat(after.getSequence()).isEqualTo(4);
        assertThat(after.getPreviousHash()).isEqualTo(before.get(2).getHash());
        assertThat(before.get(0).getPreviousHash()).isEqualTo(ByteBuffer.allocate(32));
        assertThat(before).extracting(AuditFinding::getFindingId).doesNotHaveDuplicates();
    }

    @Test
    void shouldSignAtOnceAfterTheDelayAfterManyFindingsAndOnAQuietChain() {
        audit = new Driver(folder, WATCHED, Map.of(AuditSettings.CHECKPOINT_FINDINGS.key(), "3"));
        audit.advance(Duration.ofSeconds(1));
        assertThat(audit.checkpoints()).extracting(AuditCheckpoint::getSequence).containsExactly(0L);

        audit.circuit(AuditEvents.circuit("a", AuditEvents.feature(1, 17, 2, .9)));
        audit.advance(Duration.ofSeconds(4));
        assertThat(audit.checkpoints()).isEmpty();
        audit.advance(Duration.ofSeconds(2));
        assertThat(audit.checkpoints()).extracting(AuditCheckpoint::getSequence).containsExactly(1L);

        for (int i = 0; i < 3; i++) {
            audit.circuit(AuditEvents.circuit("b" + i, AuditEvents.feature(1, 17, 2, .9)));
        }
        assertThat(audit.checkpoints())
                .extracting(AuditCheckpoint::getNumber, AuditCheckpoint::getSequence)
                .containsExactly(tuple(3L, 4L));

        audit.advance(Duration.ofSeconds(58));
        assertThat(audit.checkpoints()).isEmpty();
        audit.advance(Duration.ofSeconds(3));
        assertThat(audit.checkpoints())
                .extracting(AuditCheckpoint::getNumber, AuditCheckpoint::getSequence)
                .containsExactly(tuple(4L, 4L));
    }

    private AuditFinding only() {
        List<AuditFinding> findings = audit.findings();
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    private static FeatureDescription label(int layer, int feature, String label) {
        return FeatureDescription.newBuilder()
                .setScan(AuditEvents.SCAN)
                .setLayer(layer)
                .setFeature(feature)
                .setProvenance(AuditEvents.provenance())
                .setLabel(label)
                .build();
    }
}
