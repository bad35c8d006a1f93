package io.circuitstream.circuits.pruning;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;

/** Two-step pruning, nodes by influence, then edges by score, then to a fixpoint (circuits.md §4, circuit-tracer). */
public final class Pruner {
    private final AttributionGraph graph;
    private final Nodes nodes;
    private final SparseRows rows;

    private Pruner(AttributionGraph graph) {
        this.graph = graph;
        this.nodes = graph.nodes();
        this.rows = graph.rows();
    }

    /** The circuit of a graph. Pure. */
    public static PrunedGraph prune(AttributionGraph graph, PruningOptions options) {
        return new Pruner(graph).prune(options);
    }

    private PrunedGraph prune(PruningOptions options) {
        double[] influence = Influence.of(graph);
        double cut = Thresholds.cut(influence, options.nodeThreshold());
        boolean[] nodeKept = new boolean[nodes.count()];
        for (int i = 0; i < nodeKept.length; i++) {
            nodeKept[i] = influence[i] >= cut || i >= nodes.firstToken();
        }
        double[] edgeScore = edgeScores(nodeKept);
        double edgeCut = Thresholds.cut(edgeScore, options.edgeThreshold());
        boolean[] edgeKept = new boolean[edgeScore.length];
        for (int e = 0; e < edgeKept.length; e++) {
            edgeKept[e] = edgeScore[e] >= edgeCut;
        }
        while (dropDangling(nodeKept, edgeKept)) {
            dropEdges(nodeKept, edgeKept);
        }
        return new PrunedGraph(graph, influence, Thresholds.cumulativeShares(influence), nodeKept, edgeKept);
    }

    /** Â′[t,s]·(infl′[t] + w[t]) of every stored edge, on the graph without the removed nodes' rows and columns. */
    private double[] edgeScores(boolean[] nodeKept) {
        double[] influence = new double[nodes.count()];
        double[] score = new double[rows.col().length];
        for (int r = rows.count() - 1; r >= 0; r--) {
            int target = rows.rowNode()[r];
            double total = influence[target] + nodes.weight(target);
            if (!nodeKept[target] || total == 0) {
                continue;
            }
            double sum = 0;
            for (int e = rows.begin(r); e < rows.end(r); e++) {
                sum += nodeKept[rows.col()[e]] ? Math.abs(rows.val()[e]) : 0;
            }
            for (int e = rows.begin(r); e < rows.end(r); e++) {
                int source = rows.col()[e];
                if (nodeKept[source]) {
                    score[e] = total * Math.abs(rows.val()[e]) / Math.max(sum, 1e-10);
                    influence[source] += score[e];
                }
            }
        }
        return score;
    }

    /** Features and errors need an outgoing edge, features also an incoming one. True when a node was dropped. */
    private boolean dropDangling(boolean[] nodeKept, boolean[] edgeKept) {
        boolean[] outgoing = new boolean[nodeKept.length];
        boolean[] incoming = new boolean[nodeKept.length];
        for (int r = 0; r < rows.count(); r++) {
            for (int e = rows.begin(r); e < rows.end(r); e++) {
                if (edgeKept[e]) {
                    outgoing[rows.col()[e]] = true;
                    incoming[rows.rowNode()[r]] = true;
                }
            }
        }
        boolean dropped = false;
        for (int i = 0; i < nodes.firstToken(); i++) {
            boolean dangling = !outgoing[i] || (i < nodes.firstError() && !incoming[i]);
            if (nodeKept[i] && dangling) {
                nodeKept[i] = false;
                dropped = true;
            }
        }
        return dropped;
    }

    private void dropEdges(boolean[] nodeKept, boolean[] edgeKept) {
        for (int r = 0; r < rows.count(); r++) {
            for (int e = rows.begin(r); e < rows.end(r); e++) {
                edgeKept[e] &= nodeKept[rows.rowNode()[r]] && nodeKept[rows.col()[e]];
            }
        }
    }
}
