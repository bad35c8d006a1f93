package io.circuitstream.graphs;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.GraphScores;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.Omissions;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.events.Columns;

/** From the event to the graph of the maths. */
public final class GraphReader {
    private GraphReader() {}

    /**
     * The graph of an event whose status is OK.
     *
     * @throws MalformedGraphException naming the column that disagrees with the others
     */
    public static AttributionGraph read(io.circuitstream.events.AttributionGraph event) {
        try {
            return graph(event);
        } catch (MalformedGraphException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new MalformedGraphException("the graph cannot be read: " + e.getMessage(), e);
        }
    }

    private static AttributionGraph graph(io.circuitstream.events.AttributionGraph event) {
        int[] featureLayer = Columns.ints(event.getFeatureLayer());
        requireLengths(event, featureLayer.length);
        Nodes nodes = new Nodes(
                event.getLayers(),
                event.getMaskedPositions(),
                EventNodes.ints(event.getTokenIds()),
                event.getTokens(),
                EventNodes.features(
                        event.getLayers(),
                        featureLayer,
                        Columns.ints(event.getFeaturePosition()),
                        Columns.ints(event.getFeatureIndex()),
                        Columns.floats(event.getFeatureActivation())),
                Columns.floats(event.getErrorNorm()),
                EventNodes.targets(event.getTargets()));
        SparseRows rows = new SparseRows(
                Columns.ints(event.getRowNode()),
                Columns.longs(event.getRowPtr()),
                Columns.ints(event.getCol()),
                Columns.floats(event.getVal()),
                Columns.floats(event.getRowAbsSum()),
                Columns.floats(event.getRowBias()),
                Columns.floats(event.getRowValue()));
        return new AttributionGraph(
                nodes,
                rows,
                new GraphScores(event.getReplacementScore(), event.getCompletenessScore()),
                new Omissions(
                        event.getSkippedRows(),
                        event.getSkippedInfluenceBound(),
                        event.getLeftOutEdges(),
                        event.getLeftOutInfluenceBound()),
                event.getConservationError());
    }

    /** Before anything is allocated: a number of layers that nothing in the event backs would exhaust the memory. */
    private static void requireLengths(io.circuitstream.events.AttributionGraph event, int features) {
        int positions = event.getTokenIds().size();
        if (positions == 0) {
            throw new MalformedGraphException("a graph without tokens");
        }
        require("tokens", event.getTokens().size(), positions);
        require("errorNorm", Columns.floats(event.getErrorNorm()).length, (long) event.getLayers() * positions);
        require("featurePosition", Columns.ints(event.getFeaturePosition()).length, features);
        require("featureIndex", Columns.ints(event.getFeatureIndex()).length, features);
        require("featureActivation", Columns.floats(event.getFeatureActivation()).length, features);
        int rows = Columns.ints(event.getRowNode()).length;
        long[] rowPtr = Columns.longs(event.getRowPtr());
        require("rowPtr", rowPtr.length, rows + 1L);
        require("rowAbsSum", Columns.floats(event.getRowAbsSum()).length, rows);
        require("rowBias", Columns.floats(event.getRowBias()).length, rows);
        require("rowValue", Columns.floats(event.getRowValue()).length, rows);
        require("col", Columns.ints(event.getCol()).length, rowPtr[rows]);
        require("val", Columns.floats(event.getVal()).length, rowPtr[rows]);
    }

    private static void require(String column, long length, long expected) {
        if (length != expected) {
            throw new MalformedGraphException(
                    "column " + column + " of the graph has " + length + " values, the others say " + expected);
        }
    }
}
