package io.circuitstream.pruning;

import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.circuits.pruning.Pruner;
import io.circuitstream.circuits.pruning.PruningOptions;
import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.Columns;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.PruningSettings;
import io.circuitstream.events.Status;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.stream.Provenances;
import io.circuitstream.platform.stream.RequestException;
import io.circuitstream.platform.stream.Stage;
import io.circuitstream.platform.stream.StageProgressListener;
import java.util.Arrays;

/** Prunes an attribution graph to its circuit. Stateless. */
public final class PruningStage implements Stage<AttributionGraph, Circuit> {

    @Override
    public Circuit process(Received<AttributionGraph> input, StageProgressListener progress) {
        AttributionGraph event = input.event();
        PrunedGraph circuit =
                Pruner.prune(GraphReader.read(event), options(event.getRequest().getPruning()));
        PrunedGraph.Scores scores = circuit.foldedScores();
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
                .setCircuitReplacementScore(scores.replacement())
                .setCircuitCompletenessScore(scores.completeness())
                .setSkippedRows(event.getSkippedRows())
                .setSkippedInfluenceBound(event.getSkippedInfluenceBound())
                .setLeftOutEdges(event.getLeftOutEdges())
                .setLeftOutInfluenceBound(event.getLeftOutInfluenceBound());
        nodesAndEdges(circuit, result);
        return result.build();
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

    /** The options of a request, which may ask for thresholds that do not exist. */
    public static PruningOptions options(PruningSettings settings) {
        try {
            return new PruningOptions(settings.getNodeThreshold(), settings.getEdgeThreshold());
        } catch (IllegalArgumentException e) {
            throw new RequestException("pruning settings: " + e.getMessage());
        }
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
                .setEdgeWeight(Columns.of(edges.weight()));
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
