package io.circuitstream.dashboard.graphs;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.LogitTarget;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import io.circuitstream.events.Columns;
import java.util.List;

/** A graph's event as the graph of the maths. */
final class EventGraph {
    private EventGraph() {}

    /** Of an event that its own pipeline made: lengths of columns are not checked. */
    static AttributionGraph of(io.circuitstream.events.AttributionGraph event) {
        int[] layer = Columns.ints(event.getFeatureLayer());
        Nodes nodes = new Nodes(
                event.getLayers(),
                event.getMaskedPositions(),
                ids(event.getTokenIds()),
                event.getTokens(),
                new ActiveFeatures(
                        layer,
                        Columns.ints(event.getFeaturePosition()),
                        Columns.ints(event.getFeatureIndex()),
                        Columns.floats(event.getFeatureActivation()),
                        layerStart(layer, event.getLayers())),
                Columns.floats(event.getErrorNorm()),
                targets(event.getTargets()));
        SparseRows rows = new SparseRows(
                Columns.ints(event.getRowNode()),
                Columns.longs(event.getRowPtr()),
                Columns.ints(event.getCol()),
                Columns.floats(event.getVal()),
                Columns.floats(event.getRowAbsSum()),
                Columns.floats(event.getRowBias()),
                Columns.floats(event.getRowValue()));
        return AttributionGraph.ofRows(nodes, rows);
    }

    static int[] ids(List<Integer> ids) {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    static List<LogitTarget> targets(List<io.circuitstream.events.LogitTarget> targets) {
        return targets.stream()
                .map(target -> new LogitTarget(target.getTokenId(), target.getToken(), target.getProbability()))
                .toList();
    }

    /** [L+1], of features that ascend by layer. */
    static int[] layerStart(int[] featureLayer, int layers) {
        int[] start = new int[layers + 1];
        for (int layer : featureLayer) {
            start[layer + 1]++;
        }
        for (int l = 0; l < layers; l++) {
            start[l + 1] += start[l];
        }
        return start;
    }
}
