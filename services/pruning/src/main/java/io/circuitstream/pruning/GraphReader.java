package io.circuitstream.pruning;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.LogitTarget;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import io.circuitstream.events.Columns;

/** From the event to the graph of the maths. */
public final class GraphReader {
    private GraphReader() {}

    /** The graph of an event whose status is OK. */
    public static AttributionGraph read(io.circuitstream.events.AttributionGraph event) {
        int[] featureLayer = Columns.ints(event.getFeatureLayer());
        Nodes nodes = new Nodes(
                event.getLayers(),
                event.getMaskedPositions(),
                event.getTokenIds().stream().mapToInt(Integer::intValue).toArray(),
                event.getTokens(),
                new ActiveFeatures(
                        featureLayer,
                        Columns.ints(event.getFeaturePosition()),
                        Columns.ints(event.getFeatureIndex()),
                        Columns.floats(event.getFeatureActivation()),
                        layerStart(featureLayer, event.getLayers())),
                Columns.floats(event.getErrorNorm()),
                event.getTargets().stream()
                        .map(t -> new LogitTarget(t.getTokenId(), t.getToken(), t.getProbability()))
                        .toList());
        SparseRows rows = new SparseRows(
                Columns.ints(event.getRowNode()),
                Columns.longs(event.getRowPtr()),
                Columns.ints(event.getCol()),
                Columns.floats(event.getVal()),
                Columns.floats(event.getRowAbsSum()),
                Columns.floats(event.getRowBias()),
                Columns.floats(event.getRowValue()));
        return new AttributionGraph(nodes, rows, event.getSkippedInfluenceBound(), event.getConservationError());
    }

    private static int[] layerStart(int[] featureLayer, int layers) {
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
