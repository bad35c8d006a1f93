package io.circuitstream.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.CircuitPath;
import io.circuitstream.events.Columns;
import io.circuitstream.events.CurvePoint;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.PruningCriterion;
import io.circuitstream.events.PruningMode;
import io.circuitstream.events.PruningSettings;
import io.circuitstream.events.Status;
import io.circuitstream.events.SupernodeProposal;
import io.circuitstream.events.SupernodeReason;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.serde.EventDigest;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.stream.RequestException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PruningStageTest {

    @BeforeAll
    static void trust() {
        EventClasses.trust();
    }

    @Test
    void shouldKeepTheGoldenNodesInGraphOrderWhenPruned() {
        Circuit circuit = process(Graphs.golden().build());

        assertThat(circuit.getStatus()).isEqualTo(Status.OK);
        assertThat(circuit.getNodes())
                .extracting(CircuitNode::getId)
                .containsExactly("0_1_0", "1_3_0", "0_error_mlp_1", "1_error_mlp_1", "E_7_0", "E_8_1", "3_3_1");
        assertThat(circuit.getNodes())
                .extracting(CircuitNode::getKind)
                .containsExactly(
                        NodeKind.FEATURE,
                        NodeKind.FEATURE,
                        NodeKind.ERROR,
                        NodeKind.ERROR,
                        NodeKind.TOKEN,
                        NodeKind.TOKEN,
                        NodeKind.LOGIT);
    }

    @Test
    void shouldPlaceANodeByLayerPositionAndFeatureWhenItIsKept() {
        List<CircuitNode> nodes = process(Graphs.golden().build()).getNodes();

        assertThat(nodes).extracting(CircuitNode::getLayer).containsExactly(0, 1, 0, 1, -1, -1, 2);
        assertThat(nodes).extracting(CircuitNode::getPosition).containsExactly(0, 0, 1, 1, 0, 1, 1);
        assertThat(nodes).extracting(CircuitNode::getFeature).containsExactly(1, 3, -1, -1, 7, 8, 3);
    }

    @Test
    void shouldPointEdgesAtPlacesInTheNodeListWhenTheyAreKept() {
        Circuit circuit = process(Graphs.golden().build());

        assertThat(Columns.ints(circuit.getEdgeTarget())).containsExactly(0, 0, 1, 1, 6, 6, 6, 6);
        assertThat(Columns.ints(circuit.getEdgeSource())).containsExactly(4, 5, 0, 2, 0, 1, 2, 3);
        assertThat(Columns.floats(circuit.getEdgeWeight())).hasSize(8).containsOnly(10);
    }

    @Test
    void shouldCarryInfluenceScoreAndEffectOfTheUnprunedGraphWhenANodeIsKept() {
        List<CircuitNode> nodes = process(Graphs.golden().build()).getNodes();

        CircuitNode feature = nodes.get(0);
        assertThat(feature.getInfluence()).isCloseTo(1 / 4f + 1 / 12f, within(1e-6f));
        assertThat(feature.getScore()).isCloseTo(1 / 5f, within(1e-6f));
        // Two paths to the logit: 10 directly, and 10 · 10 through feature 3, whose gate stays as it is.
        assertThat(feature.getEffect()).isEqualTo(110);
        CircuitNode logit = nodes.get(6);
        assertThat(logit.getScore()).isZero();
        assertThat(logit.getValue()).isEqualTo(1);
    }

    @Test
    void shouldKeepEverythingWithInfluenceWhenTheThresholdsAreOne() {
        Circuit all = process(Graphs.golden(Graphs.thresholds(1, 1)).build());

        assertThat(Columns.ints(all.getEdgeTarget())).hasSize(10);
        assertThat(all.getNodes()).extracting(CircuitNode::getId).contains("0_0_0");
    }

    @Test
    void shouldReportTheGraphBesideTheCircuitWhenPruned() {
        Circuit circuit = process(Graphs.golden().build());

        assertThat(circuit.getTokenIds()).containsExactly(7, 8);
        assertThat(circuit.getTokens()).containsExactly("a", "b");
        assertThat(circuit.getLayers()).isEqualTo(2);
        assertThat(circuit.getTargets()).isEqualTo(Graphs.golden().getTargets());
        assertThat(circuit.getActiveFeatures()).isEqualTo(5);
        assertThat(circuit.getRows()).isEqualTo(6);
        assertThat(circuit.getStoredEdges()).isEqualTo(10);
        assertThat(circuit.getReplacementScore()).isEqualTo(0.5);
        assertThat(circuit.getCompletenessScore()).isEqualTo(0.75);
        assertThat(circuit.getSkippedInfluenceBound()).isEqualTo(0.125);
        assertThat(circuit.getCircuitReplacementScore()).isCloseTo(1 / 3., within(1e-12));
        assertThat(circuit.getCircuitCompletenessScore()).isCloseTo(23 / 31., within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({
        "0,    0.98, node threshold is 0.0",
        "-1,   0.98, node threshold is -1.0",
        "1.01, 0.98, node threshold is 1.01",
        "NaN,  0.98, node threshold is NaN",
        "0.8,  0,    edge threshold is 0.0",
        "0.8,  2,    edge threshold is 2.0"
    })
    void shouldRefuseWithAReasonWhenAThresholdIsNoShare(double node, double edge, String what) {
        AttributionGraph graph = Graphs.golden(Graphs.thresholds(node, edge)).build();

        assertThatThrownBy(() -> process(graph))
                .isInstanceOf(RequestException.class)
                .hasMessage("pruning settings: " + what + ", must be in (0, 1]");
    }

    private static PruningSettings.Builder asking(PruningMode mode) {
        return PruningSettings.newBuilder().setMode(mode);
    }

    private static List<String> features(Circuit circuit) {
        return circuit.getNodes().stream()
                .filter(n -> n.getKind() == NodeKind.FEATURE)
                .map(CircuitNode::getId)
                .toList();
    }

    /** With features 1 alone the completeness is 2/3, with 3 also 23/31; the event says .75 for the graph. */
    @Test
    void shouldTakeTheSmallestThatKeepsTheShareWhenCompletenessIsAsked() {
        PruningSettings.Builder asked = asking(PruningMode.COMPLETENESS).setCriterion(PruningCriterion.INFLUENCE);

        Circuit small =
                process(Graphs.golden(asked.setCompletenessShare(.88).build()).build());
        Circuit large =
                process(Graphs.golden(asked.setCompletenessShare(.9).build()).build());

        assertThat(features(small)).containsExactly("0_1_0");
        assertThat(small.getCircuitCompletenessScore()).isCloseTo(2 / 3., within(1e-12));
        assertThat(small.getNodeThreshold()).isCloseTo(.3, within(1e-12));
        assertThat(small.getEdgeThreshold()).isEqualTo(.98);
        assertThat(features(large)).containsExactly("0_1_0", "1_3_0");
        assertThat(large.getCriterion()).isEqualTo(PruningCriterion.INFLUENCE);
    }

    @Test
    void shouldRankByEliminationUnlessToldOtherwiseWhenTheSizeIsSearched() {
        Circuit share =
                process(Graphs.golden(asking(PruningMode.COMPLETENESS).build()).build());
        Circuit budget = process(
                Graphs.golden(asking(PruningMode.NODE_BUDGET).setNodeBudget(2).build())
                        .build());

        assertThat(share.getCriterion()).isEqualTo(PruningCriterion.ELIMINATION);
        assertThat(share.getCircuitCompletenessScore()).isGreaterThanOrEqualTo(.9 * .75);
        assertThat(budget.getCriterion()).isEqualTo(PruningCriterion.ELIMINATION);
        assertThat(budget.getNodes()).hasSize(2 + 3);
        assertThat(process(Graphs.golden().build()).getCriterion()).isEqualTo(PruningCriterion.INFLUENCE);
    }

    @Test
    void shouldHaveTheCurveByInfluenceWhenPruned() {
        Circuit circuit = process(Graphs.golden().build());

        assertThat(circuit.getCurve())
                .hasSize(16)
                .allMatch(p -> p.getCriterion() == PruningCriterion.INFLUENCE)
                .extracting(CurvePoint::getNodeThreshold)
                .isSorted();
        CurvePoint usual = circuit.getCurve().get(9);
        assertThat(usual.getNodeThreshold()).isEqualTo(.8);
        assertThat(usual.getNodes()).isEqualTo(circuit.getNodes().size());
        assertThat(usual.getEdges()).isEqualTo(8);
        assertThat(usual.getCompleteness()).isEqualTo(circuit.getCircuitCompletenessScore());
        assertThat(usual.getReplacement()).isEqualTo(circuit.getCircuitReplacementScore());
        assertThat(circuit.getNodeThreshold()).isEqualTo(.8);
        assertThat(circuit.getEdgeThreshold()).isEqualTo(.98);
    }

    @Test
    void shouldHaveBothCurvesWhenTheCircuitIsByElimination() {
        Circuit circuit =
                process(Graphs.golden(asking(PruningMode.COMPLETENESS).build()).build());

        assertThat(circuit.getCurve()).hasSize(32);
        assertThat(circuit.getCurve().subList(16, 32))
                .allMatch(p -> p.getCriterion() == PruningCriterion.ELIMINATION)
                .extracting(CurvePoint::getNodeThreshold)
                .isSorted();
    }

    @Test
    void shouldListTheStrongestPathsByPlacesInTheNodeListWhenPruned() {
        Circuit circuit = process(Graphs.golden().build());

        assertThat(circuit.getPaths())
                .extracting(CircuitPath::getNodes)
                .containsExactly(List.of(4, 0, 6), List.of(5, 0, 6), List.of(4, 0, 1, 6), List.of(5, 0, 1, 6));
        assertThat(circuit.getPaths().get(0).getStrength()).isCloseTo(1 / 8., within(1e-12));
        assertThat(circuit.getPaths().get(2).getEffect()).isEqualTo(1000);
        // All weights have one sign: the signed folding cancels nothing.
        assertThat(circuit.getCircuitSignedCompletenessScore()).isCloseTo(23 / 31., within(1e-12));
        assertThat(circuit.getCircuitSignedReplacementScore()).isCloseTo(1 / 3., within(1e-12));
    }

    @Test
    void shouldProposeASupernodeByPlacesInTheNodeListWhenAFeatureIsActiveTwice() {
        AttributionGraph.Builder graph = Graphs.golden(Graphs.thresholds(1, 1));
        graph.setFeaturePosition(Columns.of(new int[] {0, 1, 1, 0, 1}));
        graph.setFeatureIndex(Columns.of(new int[] {1, 1, 2, 3, 4}));

        Circuit circuit = process(graph.build());

        assertThat(circuit.getSupernodes())
                .containsExactly(new SupernodeProposal(SupernodeReason.SAME_FEATURE, List.of(0, 1), 1.));
        assertThat(process(Graphs.golden().build()).getSupernodes()).isEmpty();
    }

    @Test
    void shouldRefuseWithAReasonWhenAShareOrABudgetIsNone() {
        assertThatThrownBy(() -> process(Graphs.golden(asking(PruningMode.COMPLETENESS)
                                .setCompletenessShare(1.5)
                                .build())
                        .build()))
                .isInstanceOf(RequestException.class)
                .hasMessage("pruning settings: completeness share is 1.5, must be in (0, 1]");
        assertThatThrownBy(() -> process(
                        Graphs.golden(asking(PruningMode.NODE_BUDGET).build()).build()))
                .isInstanceOf(RequestException.class)
                .hasMessage("pruning settings: node budget is 0, must be at least 1");
    }

    @Test
    void shouldContinueTheProvenanceWhenItSucceedsOrFails() {
        AttributionGraph graph = Graphs.golden().build();
        Received<AttributionGraph> input = received(graph);
        PruningStage stage = new PruningStage();

        Provenance ok = stage.process(input, done -> {}).getProvenance();
        Circuit failed = stage.failed(input, "unknown target");

        assertThat(failed.getProvenance()).isEqualTo(ok);
        assertThat(failed.getStatus()).isEqualTo(Status.FAILED);
        assertThat(failed.getMessage()).isEqualTo("unknown target");
        assertThat(failed.getRequest()).isEqualTo(graph.getRequest());
        assertThat(ok.getModelHash()).isEqualTo("aaaa");
        assertThat(ok.getScan()).isEqualTo("bbbb");
        assertThat(ok.getThreads()).isEqualTo(2);
        assertThat(ok.getSource().getTopic()).isEqualTo("graphs");
        assertThat(ok.getSource().getSha256()).isEqualTo(EventDigest.sha256(graph));
    }

    private static Arguments broken(String message, Consumer<AttributionGraph.Builder> breakage) {
        return Arguments.arguments(message, breakage);
    }

    static Stream<Arguments> brokenGraphs() {
        return Stream.of(
                broken("does not hold whole values of 4", g -> g.setVal(ByteBuffer.wrap(new byte[7]))),
                broken("does not hold whole values of 8", g -> g.setRowPtr(ByteBuffer.wrap(new byte[12]))),
                broken("column errorNorm of the graph has 4", g -> g.setLayers(Integer.MAX_VALUE - 1)),
                broken("a graph without tokens", g -> g.setTokenIds(List.of()).setLayers(Integer.MAX_VALUE - 1)),
                broken("column tokens of the graph has 1", g -> g.setTokens(List.of("a"))),
                broken("column featureIndex of the graph has 4", g -> g.setFeatureIndex(Columns.of(new int[4]))),
                broken("column featurePosition of the graph has 6", g -> g.setFeaturePosition(Columns.of(new int[6]))),
                broken("column rowPtr of the graph has 0", g -> g.setRowPtr(Columns.of(new long[0]))),
                broken("column rowAbsSum of the graph has 0", g -> g.setRowAbsSum(Columns.of(new float[0]))),
                broken("column val of the graph has 9", g -> g.setVal(Columns.of(new float[9]))),
                broken("column col of the graph has 11", g -> g.setCol(Columns.of(new int[11]))));
    }

    /** An exception that is no RequestException makes a dead letter: no prompt can be the cause of such a graph. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenGraphs")
    void shouldNameTheColumnWhenAGraphContradictsItself(String message, Consumer<AttributionGraph.Builder> breakage) {
        AttributionGraph.Builder graph = Graphs.golden();
        breakage.accept(graph);

        assertThatThrownBy(() -> process(graph.build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static Circuit process(AttributionGraph graph) {
        return new PruningStage().process(received(graph), done -> {});
    }

    private static Received<AttributionGraph> received(AttributionGraph graph) {
        return Received.asWritten(graph);
    }
}
