package io.circuitstream.pruning;

import io.circuitstream.circuits.GoldenGraph;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Columns;
import io.circuitstream.events.LogitTarget;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.PruningSettings;
import io.circuitstream.events.Status;
import java.util.Arrays;

/** Events as the attribution service writes them: the golden graph of circuits.md §4. */
final class Graphs {
    private Graphs() {}

    static PruningSettings thresholds(double node, double edge) {
        return PruningSettings.newBuilder()
                .setNodeThreshold(node)
                .setEdgeThreshold(edge)
                .build();
    }

    static AttributionGraph.Builder golden() {
        return golden(PruningSettings.newBuilder().build());
    }

    static AttributionGraph.Builder golden(PruningSettings settings) {
        Nodes nodes = GoldenGraph.graph().nodes();
        SparseRows rows = GoldenGraph.graph().rows();
        return AttributionGraph.newBuilder()
                .setPromptId("p1")
                .setStatus(Status.OK)
                .setRequest(PromptSubmitted.newBuilder()
                        .setPromptId("p1")
                        .setText("a b")
                        .setPruning(settings)
                        .build())
                .setProvenance(Provenance.newBuilder()
                        .setModelName("golden")
                        .setModelHash("aaaa")
                        .setScan("bbbb")
                        .setThreads(2)
                        .build())
                .setTokenIds(Arrays.stream(nodes.tokenIds()).boxed().toList())
                .setTokens(nodes.tokens())
                .setLayers(nodes.layers())
                .setTargets(nodes.targets().stream()
                        .map(t -> new LogitTarget(t.tokenId(), t.token(), t.probability(), null, null, null))
                        .toList())
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
                .setReplacementScore(0.5)
                .setCompletenessScore(0.75)
                .setSkippedInfluenceBound(0.125);
    }
}
