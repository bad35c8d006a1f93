package io.circuitstream.attribution;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.events.Columns;
import io.circuitstream.events.FeatureTarget;
import io.circuitstream.events.LogitDifference;
import io.circuitstream.events.LogitTarget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** From the graph of the maths to the event. */
final class GraphWriter {
    private GraphWriter() {}

    static io.circuitstream.events.AttributionGraph.Builder write(
            AttributionGraph graph, io.circuitstream.events.AttributionGraph.Builder event) {
        Nodes nodes = graph.nodes();
        SparseRows rows = graph.rows();
        return event.setTokenIds(Arrays.stream(nodes.tokenIds()).boxed().toList())
                .setTokens(nodes.tokens())
                .setLayers(nodes.layers())
                .setMaskedPositions(nodes.masked())
                .setTargets(nodes.targets().stream().map(GraphWriter::target).toList())
                .setFeatureLayer(Columns.of(nodes.features().layer()))
                .setFeaturePosition(Columns.of(nodes.features().position()))
                .setFeatureIndex(Columns.of(nodes.features().index()))
                .setFeatureActivation(Columns.of(nodes.features().activation()))
                .setErrorNorm(Columns.of(nodes.errorNorm()))
                .setRowNode(Columns.of(rows.rowNode()))
                .setRowPtr(Columns.of(rows.rowPtr()))
                .setCol(Columns.of(rows.col()))
                .setVal(Columns.of(rows.val()))
                .setRowAbsSum(Columns.of(rows.absSum()))
                .setRowBias(Columns.of(rows.bias()))
                .setRowValue(Columns.of(rows.value()))
                .setReplacementScore(graph.scores().replacement())
                .setCompletenessScore(graph.scores().completeness())
                .setBiasShare(graph.biasShare())
                .setConservationError(graph.conservationError())
                .setSkippedRows(graph.omissions().skippedRows())
                .setSkippedInfluenceBound(graph.omissions().skippedInfluenceBound())
                .setLeftOutEdges(graph.omissions().leftOutEdges())
                .setLeftOutInfluenceBound(graph.omissions().leftOutInfluenceBound());
    }

    private static LogitTarget target(io.circuitstream.circuits.graph.LogitTarget target) {
        LogitTarget.Builder event = LogitTarget.newBuilder()
                .setTokenId(target.tokenId())
                .setToken(target.token())
                .setProbability(target.probability());
        if (target.readout() instanceof Readout.Difference difference) {
            event.setDifference(new LogitDifference(difference.plus(), difference.minus()));
        } else if (target.readout() instanceof Readout.Feature feature) {
            event.setFeature(new FeatureTarget(feature.layer(), feature.feature(), feature.position()));
        } else if (target.readout() instanceof Readout.Vector vector) {
            List<Float> values = new ArrayList<>();
            for (float value : vector.values()) {
                values.add(value);
            }
            event.setVector(values);
        }
        return event.build();
    }
}
