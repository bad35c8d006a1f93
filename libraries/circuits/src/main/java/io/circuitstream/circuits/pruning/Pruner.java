package io.circuitstream.circuits.pruning;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import java.util.BitSet;

/** Two-step pruning, nodes by influence, then edges by score, then to a fixpoint (circuits.md §4, circuit-tracer). */
public final class Pruner {
    private final Nodes nodes;
    private final SparseRows rows;
    private final boolean[] nodeKept;

    private Pruner(AttributionGraph graph) {
        this.nodes = graph.nodes();
        this.rows = graph.rows();
        this.nodeKept = new boolean[nodes.count()];
    }

    /** The circuit of a graph. Pure. */
    public static PrunedGraph prune(AttributionGraph graph, PruningOptions options) {
        return new Pruner(graph).circuit(graph, options);
    }

    private PrunedGraph circuit(AttributionGraph graph, PruningOptions options) {
        double[] influence = Influence.of(graph);
        double cut = Thresholds.cut(influence, options.nodeThreshold());
        for (int i = 0; i < nodeKept.length; i++) {
            nodeKept[i] = influence[i] >= cut || i >= nodes.firstToken();
        }
        EdgeScores scores = new EdgeScores(graph, nodeKept);
        BitSet edges = scores.atLeast(new CutSearch(scores, options.edgeThreshold()).cut());
        dropUnfed(edges);
        dropUnread(edges);
        return new PrunedGraph(graph, influence, Thresholds.cumulativeShares(influence), nodeKept, edges);
    }

    /**
     * Features need an incoming edge. Upwards, so that what a dropped feature fed is seen without that edge. With
     * {@link #dropUnread} this is the fixpoint: a node dropped here has no incoming edge, so that nothing loses an outgoing
     * one but itself, and the other way round there.
     */
    private void dropUnfed(BitSet edges) {
        boolean[] fed = new boolean[nodeKept.length];
        int e = edges.nextSetBit(0);
        for (int r = 0; r < rows.count(); r++) {
            for (; e >= 0 && e < rows.end(r); e = edges.nextSetBit(e + 1)) {
                int source = rows.col()[e];
                if (source >= nodes.firstError() || fed[source]) {
                    fed[rows.rowNode()[r]] = true;
                } else {
                    edges.clear(e);
                }
            }
        }
        for (int i = 0; i < nodes.firstError(); i++) {
            nodeKept[i] &= fed[i];
        }
    }

    /** Features and errors need an outgoing edge. Downwards, so that what fed a dropped feature is seen without that edge. */
    private void dropUnread(BitSet edges) {
        boolean[] read = new boolean[nodeKept.length];
        int e = edges.length() - 1;
        for (int r = rows.count() - 1; r >= 0; r--) {
            int target = rows.rowNode()[r];
            for (; e >= rows.begin(r); e = edges.previousSetBit(e - 1)) {
                if (target >= nodes.firstLogit() || read[target]) {
                    read[rows.col()[e]] = true;
                } else {
                    edges.clear(e);
                }
            }
        }
        for (int i = 0; i < nodes.firstToken(); i++) {
            nodeKept[i] &= read[i];
        }
    }
}
