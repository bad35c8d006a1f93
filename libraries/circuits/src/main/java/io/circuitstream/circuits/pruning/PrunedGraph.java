package io.circuitstream.circuits.pruning;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;

/**
 * The circuit: which nodes and edges of a graph survived.
 *
 * @param influence [N], of the unpruned graph
 * @param score [N], cumulative share of the influence in descending order
 * @param nodeKept [N]
 * @param edgeKept [E], in the order of the graph's stored entries
 */
public record PrunedGraph(
        AttributionGraph graph, double[] influence, double[] score, boolean[] nodeKept, boolean[] edgeKept) {

    /** Kept nodes in graph order. */
    public int[] nodes() {
        return java.util.stream.IntStream.range(0, nodeKept.length)
                .filter(i -> nodeKept[i])
                .toArray();
    }

    public int edgeCount() {
        int n = 0;
        for (boolean kept : edgeKept) {
            n += kept ? 1 : 0;
        }
        return n;
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
        for (int r = rows.count() - 1; r >= 0; r--) {
            int target = rows.rowNode()[r];
            double total = folded[target] + nodes.weight(target);
            if (!nodeKept[target] || total == 0 || rows.absSum()[r] == 0) {
                continue;
            }
            double explained = 0;
            for (int e = rows.begin(r); e < rows.end(r); e++) {
                int source = rows.col()[e];
                if (edgeKept[e] && nodes.kind(source) != Nodes.Kind.ERROR) {
                    double share = rows.share(r, e);
                    explained += share;
                    folded[source] += total * share;
                    all += total * share;
                    tokens += nodes.kind(source) == Nodes.Kind.TOKEN ? total * share : 0;
                }
            }
            double error = total * Math.max(0, 1 - explained);
            errors += error;
            all += error;
            incomplete += error;
        }
        return new Scores(
                tokens + errors == 0 ? 0 : tokens / (tokens + errors), all == 0 ? 0 : (all - incomplete) / all);
    }
}
