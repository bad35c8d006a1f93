package io.circuitstream.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.circuitstream.circuits.attribution.AttributionOptions;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.Claim;
import io.circuitstream.events.ClaimKind;
import io.circuitstream.events.ClaimVerdict;
import io.circuitstream.events.Columns;
import io.circuitstream.events.DepthAgreement;
import io.circuitstream.events.FeatureTarget;
import io.circuitstream.events.LogitDifference;
import io.circuitstream.events.LogitTarget;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.Predictor;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.Status;
import io.circuitstream.events.SweepPoint;
import io.circuitstream.events.TrustVerdict;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.events.ValidationSettings;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.serde.EventDigest;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.stream.RequestException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ValidationStageTest {
    @TempDir
    static Path folder;

    private static TraceableModel model;

    @BeforeAll
    static void load() throws IOException {
        EventClasses.trust();
        model = Circuits.model(folder);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    /** Only claims about the first target. */
    private static ValidationSettings settings(boolean enabled, int features, int controls) {
        return ValidationSettings.newBuilder()
                .setEnabled(enabled)
                .setMaxFeatures(features)
                .setControls(controls)
                .setTargetsPerFeature(0)
                .build();
    }

    @Test
    void shouldTestTheMostInfluentialFeaturesFirstWhenThereAreMoreThanAsked() {
        Circuit circuit = Circuits.ok(model).build();
        List<String> ranked = circuit.getNodes().stream()
                .filter(node -> node.getKind() == NodeKind.FEATURE)
                .sorted(Comparator.comparingDouble(CircuitNode::getInfluence).reversed())
                .map(CircuitNode::getId)
                .toList();

        ValidationReport report = process(circuit);

        assertThat(report.getStatus()).isEqualTo(Status.OK);
        assertThat(ranked).hasSizeGreaterThan(10);
        String target = "5_" + circuit.getTargets().get(0).getTokenId() + "_4";
        List<Claim> first = report.getClaims().stream()
                .filter(claim -> claim.getTarget().equals(target))
                .toList();
        assertThat(first).extracting(Claim::getSource).containsExactlyInAnyOrderElementsOf(ranked.subList(0, 10));
        assertThat(report.getClaims())
                .extracting(claim -> claim.getKind().name())
                .isSortedAccordingTo(Comparator.reverseOrder());
        List<String> knockOn = first.stream()
                .filter(claim -> claim.getKind() == ClaimKind.KNOCK_ON)
                .map(Claim::getSource)
                .toList();
        assertThat(knockOn).hasSizeGreaterThan(3).isSortedAccordingTo(Comparator.comparingInt(ranked::indexOf));
        assertThat(report.getClaims()).hasSizeGreaterThan(15).hasSizeLessThanOrEqualTo(40);
    }

    /** The circuit is the whole graph, so its own prediction is the graph's. */
    @Test
    void shouldFollowEdgesWhenAClaimIsAboutAFeature() {
        AttributionGraph graph = Circuits.graph(model);
        Circuit circuit = Circuits.ok(model).build();
        ValidationReport report = process(circuit);
        List<Claim> features = report.getClaims().stream()
                .filter(claim -> !claim.getTarget().startsWith("5_"))
                .toList();

        assertThat(features).hasSizeGreaterThan(5);
        for (Claim claim : features) {
            int source = node(graph, claim.getSource());
            int target = node(graph, claim.getTarget());
            assertThat(claim.getKind()).isEqualTo(ClaimKind.KNOCK_ON);
            assertThat(claim.getPredicted()).isCloseTo(Influence.ablation(graph, source)[target], within(1e-5));
            assertThat(claim.getDirectPredicted()).isCloseTo(-graph.rows().get(target, source), within(1e-12));
            assertThat(claim.getBestPredictor()).isEqualTo(Predictor.MODEL_GRADIENT);
            assertThat(claim.getBestPredictedOwnLayer()).isNotZero();
            assertThat(claim.getControls()).hasSize(3);
            assertThat(claim.getSweep()).isEmpty();
        }
    }

    @Test
    void shouldMeasureEveryEdgeFromAnAblatedFeatureWhenItsTargetMoves() {
        Circuit circuit = Circuits.ok(model).build();
        ValidationReport report = process(circuit);
        int[] tested = Columns.ints(report.getTestedEdge());
        int[] sources = Columns.ints(circuit.getEdgeSource());
        int[] targets = Columns.ints(circuit.getEdgeTarget());
        float[] measured = Columns.floats(report.getEdgeOwnLayer());

        assertThat(tested).hasSizeGreaterThan(30).hasSameSizeAs(Columns.floats(report.getEdgePredicted()));
        int claims = 0;
        for (int k = 0; k < tested.length; k++) {
            String source = circuit.getNodes().get(sources[tested[k]]).getId();
            String target = circuit.getNodes().get(targets[tested[k]]).getId();
            for (Claim claim : report.getClaims()) {
                if (claim.getSource().equals(source) && claim.getTarget().equals(target)) {
                    assertThat(measured[k]).isEqualTo((float) claim.getMeasuredOwnLayer());
                    claims++;
                }
            }
        }
        assertThat(claims).isGreaterThan(5);
    }

    @Test
    void shouldSaySweepRangesAndAgreementWhenItIsAskedFor() {
        ValidationReport report = process(Circuits.ok(model).build());
        Claim claim = report.getClaims().stream()
                .filter(c -> c.getTarget().startsWith("5_"))
                .findFirst()
                .orElseThrow();

        assertThat(claim.getSweep()).extracting(SweepPoint::getFactor).containsExactly(-1f, 2f);
        assertThat(claim.getConstrained()).isNotEmpty();
        assertThat(claim.getDivergence()).isPositive();
        assertThat(report.getDepths())
                .extracting(DepthAgreement::getDepth)
                .isSorted()
                .contains(1);
        assertThat(report.getDepths()).extracting(DepthAgreement::getCosine).allMatch(c -> c >= -1 && c <= 1);
        assertThat(report.getBestSpearman()).isBetween(-1.0, 1.0);
        assertThat(report.getDivergenceSpearman()).isBetween(-1.0, 1.0);
        assertThat(report.getFeatureSpearman()).isBetween(-1.0, 1.0);
        assertThat(report.getConfirmedShare())
                .isCloseTo((double) report.getConfirmed() / report.getClaims().size(), within(1e-12));
    }

    @Test
    void shouldPredictMinusTheEdgeAndMeasureItWhenEverythingIsFrozen() {
        AttributionGraph graph = Circuits.graph(model);
        int target = graph.nodes().firstLogit();

        ValidationReport report =
                process(Circuits.ok(model, settings(true, 200, 0)).build());

        assertThat(report.getClaims()).hasSize(graph.nodes().featureCount());
        int withEdge = 0;
        for (Claim claim : report.getClaims()) {
            double edge = graph.rows().get(target, node(graph, claim.getSource()));
            assertThat(claim.getDirectPredicted()).as(claim.getSource()).isEqualTo(edge == 0 ? 0 : -edge);
            withEdge += edge == 0 ? 0 : 1;
        }
        assertThat(withEdge).isGreaterThan(20);
        double largest = report.getClaims().stream()
                .mapToDouble(claim -> Math.abs(claim.getDirect()))
                .max()
                .orElseThrow();
        assertThat(largest).isGreaterThan(0.1);
        assertThat(report.getWorstDirectError()).isPositive().isLessThan(1e-4 * largest);
    }

    static Stream<Arguments> targets() {
        float[] direction = new float[24];
        direction[3] = 2;
        direction[17] = -1;
        List<Float> values = new ArrayList<>();
        for (float value : direction) {
            values.add(value);
        }
        return Stream.of(
                arguments(
                        new Readout.Difference(7, 12),
                        target().setDifference(new LogitDifference(7, 12)).build()),
                arguments(
                        new Readout.Feature(3, 2, 4),
                        target().setFeature(new FeatureTarget(3, 2, 4)).build()),
                arguments(
                        new Readout.Vector("x", direction),
                        target().setVector(values).build()));
    }

    private static LogitTarget.Builder target() {
        return LogitTarget.newBuilder().setTokenId(40).setToken("x").setProbability(1);
    }

    /** What is measured with everything frozen is the edge only if both are of the same target. */
    @ParameterizedTest
    @MethodSource("targets")
    void shouldMeasureTheTargetItselfWhenItIsNoToken(Readout readout, LogitTarget target) {
        AttributionGraph graph = Circuits.graph(model, new AttributionOptions(1, 1, List.of(readout), 0));

        ValidationReport report = process(Circuits.of(model, settings(true, 50, 0), graph)
                .setTargets(List.of(target))
                .build());

        assertThat(report.getClaims().stream().mapToDouble(claim -> Math.abs(claim.getDirect())))
                .anyMatch(effect -> effect > .01);
        assertThat(report.getWorstDirectError()).isPositive().isLessThan(1e-4);
    }

    @Test
    void shouldNotCountClaimsWithoutAnEdgeWhenTheDirectErrorIsTaken() {
        Circuit pruned = Circuits.ok(model)
                .setEdgeTarget(Columns.of(new int[0]))
                .setEdgeSource(Columns.of(new int[0]))
                .setEdgeWeight(Columns.of(new float[0]))
                .build();

        ValidationReport report = process(pruned);

        assertThat(report.getClaims()).extracting(Claim::getDirectPredicted).containsOnly(0.0);
        assertThat(report.getWorstDirectError()).isZero();
    }

    @Test
    void shouldPredictMinusTheEffectAndSummariseWhenClaimsWereTested() {
        Circuit circuit = Circuits.ok(model, settings(true, 10, 3)).build();

        ValidationReport report = process(circuit);

        for (Claim claim : report.getClaims()) {
            double effect = circuit.getNodes().stream()
                    .filter(node -> node.getId().equals(claim.getSource()))
                    .mapToDouble(CircuitNode::getEffect)
                    .findFirst()
                    .orElseThrow();
            assertThat(claim.getPredicted()).isEqualTo(-effect);
            assertThat(claim.getControls()).hasSize(3);
        }
        assertThat(report.getConfirmed()).isEqualTo(count(report, ClaimVerdict.CONFIRMED));
        assertThat(report.getRefuted()).isEqualTo(count(report, ClaimVerdict.REFUTED));
        assertThat(report.getInconclusive()).isEqualTo(count(report, ClaimVerdict.INCONCLUSIVE));
        assertThat(report.getConfirmed() + report.getRefuted() + report.getInconclusive())
                .isEqualTo(10);
        assertThat(report.getSpearman()).isBetween(-1.0, 1.0);
        double sameSign = report.getClaims().stream()
                .filter(claim -> claim.getPredicted() * claim.getMeasuredOwnLayer() > 0)
                .count();
        assertThat(report.getSignAgreement()).isCloseTo(sameSign / 10, within(1e-12));
        assertThat(report.getVerdict()).isIn(TrustVerdict.SUPPORTED, TrustVerdict.MIXED, TrustVerdict.UNSUPPORTED);
    }

    @Test
    void shouldDrawOtherControlsWhenThePromptHasAnotherId() {
        ValidationReport one = process(Circuits.ok(model).build());
        ValidationReport other = process(Circuits.ok(model).setPromptId("p2").build());

        assertThat(other.getClaims().get(0).getControls())
                .isNotEqualTo(one.getClaims().get(0).getControls());
        assertThat(other.getClaims().get(0).getMeasuredOwnLayer())
                .isEqualTo(one.getClaims().get(0).getMeasuredOwnLayer());
    }

    @Test
    void shouldBeUntestedWhenValidationIsDisabled() {
        ValidationReport report =
                process(Circuits.ok(model, settings(false, -1, 999)).build());

        assertThat(report.getStatus()).isEqualTo(Status.OK);
        assertThat(report.getVerdict()).isEqualTo(TrustVerdict.UNTESTED);
        assertThat(report.getClaims()).isEmpty();
        assertThat(report.getSpearman()).isNull();
    }

    @Test
    void shouldBeUntestedWhenNoFeatureIsToBeTested() {
        ValidationReport report =
                process(Circuits.ok(model, settings(true, 0, 3)).build());

        assertThat(report.getStatus()).isEqualTo(Status.OK);
        assertThat(report.getVerdict()).isEqualTo(TrustVerdict.UNTESTED);
        assertThat(report.getSignAgreement()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "-1,    3,   maxFeatures is -1, 10000",
        "10001, 3,   maxFeatures is 10001, 10000",
        "10,    -1,  controls is -1, 100",
        "10,    101, controls is 101, 100"
    })
    void shouldRefuseWithAReasonWhenASettingIsOutOfRange(int features, int controls, String what, int most) {
        Circuit circuit = Circuits.ok(model, settings(true, features, controls)).build();

        assertThatThrownBy(() -> process(circuit))
                .isInstanceOf(RequestException.class)
                .hasMessage("validation settings: " + what + ", must be 0 to " + most);
    }

    @Test
    void shouldNameBothModelsWhenTheCircuitHadAnother() {
        Circuit.Builder circuit = Circuits.ok(model);
        circuit.getProvenance().setModelHash("aaaa");

        assertThatThrownBy(() -> process(circuit.build()))
                .isInstanceOf(RequestException.class)
                .hasMessage("an earlier stage used the model aaaa, this one has "
                        + model.model().hash() + ": give all services the same folder");
    }

    @Test
    void shouldThrowWhatMakesADeadLetterWhenTheCircuitNamesAnInactiveFeature() {
        Circuit.Builder circuit = Circuits.ok(model);
        List<CircuitNode> nodes = new ArrayList<>(circuit.getNodes());
        nodes.get(0).setFeature(12_345);
        nodes.get(0).setInfluence(1_000);
        circuit.setNodes(nodes);

        assertThatThrownBy(() -> process(circuit.build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not active");
    }

    @Test
    void shouldContinueTheProvenanceWhenItSucceedsOrFails() {
        Circuit circuit = Circuits.ok(model).build();
        Received<Circuit> input = received(circuit);
        ValidationStage stage = new ValidationStage(model);

        Provenance ok = stage.process(input, done -> {}).getProvenance();
        ValidationReport failed = stage.failed(input, "unknown target");

        assertThat(failed.getProvenance()).isEqualTo(ok);
        assertThat(failed.getStatus()).isEqualTo(Status.FAILED);
        assertThat(failed.getMessage()).isEqualTo("unknown target");
        assertThat(failed.getRequest()).isEqualTo(circuit.getRequest());
        assertThat(ok.getScan()).isEqualTo(model.transcoder().scan());
        assertThat(ok.getThreads()).isEqualTo(2);
        assertThat(ok.getSource().getTopic()).isEqualTo("circuits");
        assertThat(ok.getSource().getSha256()).isEqualTo(EventDigest.sha256(circuit));
    }

    private static int node(AttributionGraph graph, String id) {
        return IntStream.range(0, graph.nodes().count())
                .filter(n -> graph.nodes().id(n).equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static int count(ValidationReport report, ClaimVerdict verdict) {
        return (int) report.getClaims().stream()
                .filter(claim -> claim.getVerdict() == verdict)
                .count();
    }

    private static ValidationReport process(Circuit circuit) {
        return new ValidationStage(model).process(received(circuit), done -> {});
    }

    private static Received<Circuit> received(Circuit circuit) {
        return Received.asWritten(circuit);
    }
}
