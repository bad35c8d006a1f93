package io.circuitstream.circuits.pruning;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * The circuit: which nodes and edges of a graph survived.
 *
 * @param influence [N], of the unpruned graph
 * @param score [N], cumulative share of the influence in descending order
 * @param nodeKept [N]
 * @param edgeKept [E], by the number of the graph's stored entry
 */
public record PrunedGraph(
        AttributionGraph graph, double[] influence, double[] score, boolean[] nodeKept, BitSet edgeKept) {

    /**
     * Edges as columns of one length.
     *
     * @param target index in the graph
     * @param source index in the graph
     * @param weight A[target, source]
     */
    public record Edges(int[] target, int[] source, float[] weight) {}

    /** Kept nodes in graph order. */
    public int[] nodes() {
        return IntStream.range(0, nodeKept.length).filter(i -> nodeKept[i]).toArray();
    }

    public int edgeCount() {
        return edgeKept.cardinality();
    }

    /** Kept edges, ascending by target, then source. */
    public Edges edges() {
        SparseRows rows = graph.rows();
        int n = edgeCount();
        int[] target = new int[n];
        int[] source = new int[n];
        float[] weight = new float[n];
        int row = 0;
        int e = -1;
        for (int i = 0; i < n; i++) {
            e = edgeKept.nextSetBit(e + 1);
            while (e >= rows.end(row)) {
                row++;
            }
            target[i] = rows.rowNode()[row];
            source[i] = rows.col()[e];
            weight[i] = rows.val()[e];
        }
        return new Edges(target, source, weight);
    }

    /** Replacement and completeness of the circuit. */
    public record Scores(double replacement, double completeness) {}

    /**
     * Scores with everything that was removed folded, as absolute values, into the error nodes: what a kept node gets
     * from a removed feature, error or edge, or from an entry that was not stored, counts as error. (Which error node
     * takes it does not change either score.)
     */
    public Scores foldedScores() {
        Nodes nodes = graph.nodes();
        SparseRows rows = graph.rows();
        double[] folded = new double[nodes.count()];
        double errors = 0;
        double tokens = 0;
        double all = 0;
        double incomplete = 0;
        for (int i = nodes.firstLogit(); i < nodes.count(); i++) {
            all += nodes.weight(i);
        }
        int e = edgeKept.length() - 1;
        for (int r = rows.count() - 1; r >= 0; r--) {
            int target = rows.rowNode()[r];
            double total = folded[target] + nodes.weight(target);
            double explained = 0;
            for (; e >= rows.begin(r); e = edgeKept.previousSetBit(e - 1)) {
                int source = rows.col()[e];
                if (nodes.kind(source) != Nodes.Kind.ERROR) {
                    double share = rows.share(r, e);
                    explained += share;
                    folded[source] += total * share;
                    all += total * share;
                    tokens += nodes.kind(source) == Nodes.Kind.TOKEN ? total * share : 0;
                }
            }
            // A row of zeros counts as complete.
            double error = rows.absSum()[r] == 0 ? 0 : total * Math.max(0, 1 - explained);
            errors += error;
            all += error;
            incomplete += error;
        }
        return new Scores(
                tokens + errors == 0 ? 0 : tokens / (tokens + errors), all == 0 ? 0 : (all - incomplete) / all);
    }

    /** {@link #foldedScores} with effects of opposite signs cancelling, as Neuronpedia folds them: they flatter. */
    public Scores signedScores() {
        return SignedFolding.of(this);
    }
}
