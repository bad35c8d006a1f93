package io.circuitstream.pruning;

import io.circuitstream.circuits.pruning.ChosenCircuit;
import io.circuitstream.circuits.pruning.CircuitFinder;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.Status;
import io.circuitstream.graphs.CircuitWriter;
import io.circuitstream.graphs.GraphReader;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.stream.Provenances;
import io.circuitstream.platform.stream.Stage;
import io.circuitstream.platform.stream.StageProgressListener;

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
        int[] kept = circuit.nodes();
        CircuitWriter.write(circuit, result);
        result.setSupernodes(CircuitReading.supernodes(circuit, kept)).setPaths(CircuitReading.paths(circuit, kept));
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
}
