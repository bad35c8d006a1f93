package io.circuitstream.pruning;

import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.pruning.ChosenCircuit;
import io.circuitstream.circuits.pruning.CircuitFinder;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.Columns;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.Status;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.stream.Provenances;
import io.circuitstream.platform.stream.Stage;
import io.circuitstream.platform.stream.StageProgressListener;
import java.util.Arrays;

/** Prunes an attribution graph to its circuit. Stateless. */
public final class PruningStage implements Stage<AttributionGraph, Circuit> {

    @Override
    public Circuit process(Received<AttributionGraph> input, StageProgressListener progress) {
        AttributionGraph event = input.event();
        CircuitFinder graph = new CircuitFinder(GraphReader.read(event));
        ChosenCircuit chosen = CircuitChoice.of(graph, event.getRequest().getPruning());
        PrunedGraph circuit = chosen.circuit();
        Circuit.Builder result = builder(input)
                .setStatus(Status.OK)
                .setTokenIds(event.getTokenIds())
                .setTokens(event.getTokens())
                .setLayers(event.getLayers())
                .setTargets(event.getTargets())
                .setActiveFeatures(circuit.graph().nodes().featureCount())
                .setRows(circuit.graph().rows().count())
                .setStoredEdges(circuit.graph().rows().col().length)
                .setReplacementScore(event.getReplacementScore())
                .setCompletenessScore(event.getCompletenessScore())
                .setSkippedRows(event.getSkippedRows())
                .setSkippedInfluenceBound(event.getSkippedInfluenceBound())
                .setLeftOutEdges(event.getLeftOutEdges())
                .setLeftOutInfluenceBound(event.getLeftOutInfluenceBound())
                .setCriterion(CircuitReading.criterion(chosen.criterion()))
                .setNodeThreshold(chosen.options().nodeThreshold())
                .setEdgeThreshold(chosen.options().edgeThreshold())
                .setCurve(CircuitReading.curve(graph, chosen));
        scores(circuit, result);
        nodesAndEdges(circuit, result);
        return result.build();
    }

    private static void scores(PrunedGraph circuit, Circuit.Builder result) {
        PrunedGraph.Scores folded = circuit.foldedScores();
        PrunedGraph.Scores signed = circuit.signedScores();
        result.setCircuitReplacementScore(folded.replacement())
                .setCircuitCompletenessScore(folded.completeness())
                .setCircuitSignedReplacementScore(signed.replacement())
                .setCircuitSignedCompletenessScore(signed.completeness());
    }

    @Override
    public Circuit failed(Received<AttributionGraph> input, String message) {
        return builder(input).setStatus(Status.FAILED).setMessage(message).build();
    }

    private static Circuit.Builder builder(Received<AttributionGraph> input) {
        return Circuit.newBuilder()
                .setPromptId(input.event().getPromptId())
                .setRequest(input.event().getRequest())
                .setProvenance(Provenances.next(input.event().getProvenance(), "graphs", input.sha256()));
    }

    private static void nodesAndEdges(PrunedGraph circuit, Circuit.Builder result) {
        Nodes nodes = circuit.graph().nodes();
        double[] effect = Influence.totalEffect(circuit.graph(), nodes.firstLogit());
        int[] kept = circuit.nodes();
        result.setNodes(
                Arrays.stream(kept).mapToObj(n -> node(circuit, n, effect[n])).toList());
        PrunedGraph.Edges edges = circuit.edges();
        result.setEdgeTarget(Columns.of(placesIn(kept, edges.target())))
                .setEdgeSource(Columns.of(placesIn(kept, edges.source())))
                .setEdgeWeight(Columns.of(edges.weight()))
                .setSupernodes(CircuitReading.supernodes(circuit, kept))
                .setPaths(CircuitReading.paths(circuit, kept));
    }

    private static int[] placesIn(int[] kept, int[] nodes) {
        return Arrays.stream(nodes).map(n -> Arrays.binarySearch(kept, n)).toArray();
    }

    private static CircuitNode node(PrunedGraph circuit, int node, double effect) {
        Nodes nodes = circuit.graph().nodes();
        NodeKind kind =
                switch (nodes.kind(node)) {
                    case FEATURE -> NodeKind.FEATURE;
                    case ERROR -> NodeKind.ERROR;
                    case TOKEN -> NodeKind.TOKEN;
                    case LOGIT -> NodeKind.LOGIT;
                };
        return CircuitNode.newBuilder()
                .setId(nodes.id(node))
                .setKind(kind)
                .setLayer(nodes.layer(node))
                .setPosition(nodes.position(node))
                .setFeature(nodes.feature(node))
                .setValue(nodes.value(node))
                .setInfluence((float) circuit.influence()[node])
                .setScore(kind == NodeKind.LOGIT ? 0 : (float) circuit.score()[node])
                .setEffect((float) effect)
                .build();
    }
}
