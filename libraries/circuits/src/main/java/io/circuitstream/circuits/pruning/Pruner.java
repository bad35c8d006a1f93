package io.circuitstream.circuits.pruning;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import java.util.BitSet;

/**
 * Two-step pruning, nodes by influence, then edges by score, then to a fixpoint (circuits.md §4, circuit-tracer).
 *
 * <p>Time, for N nodes, E stored edges, E′ of them in the rows of nodes that the first step keeps and K kept in the end: the
 * influence reads the E edges once; the second step walks the E′ edges four times as a rule (influence of what is left, two for
 * the cut, one to keep edges) and seven times at most; the fixpoint visits K edges and N nodes twice; scores of the nodes sort N
 * numbers. Memory beside the graph: some arrays of a number a node or row, 1 MB for the cut, and a bit a stored edge, E/8
 * bytes, for {@link PrunedGraph#edgeKept}. No score of an edge is ever stored.
 */
public final class Pruner {
    private final Nodes nodes;
    private final SparseRows rows;
    private final boolean[] nodeKept;

    private Pruner(AttributionGraph graph, boolean[] nodeKept) {
        this.nodes = graph.nodes();
        this.rows = graph.rows();
        this.nodeKept = nodeKept;
    }

    /** The circuit of a graph. Pure. */
    public static PrunedGraph prune(AttributionGraph graph, PruningOptions options) {
        double[] influence = Influence.of(graph);
        double cut = Thresholds.cut(influence, options.nodeThreshold());
        boolean[] kept = new boolean[influence.length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = influence[i] >= cut || i >= graph.nodes().firstToken();
        }
        return prune(graph, influence, Thresholds.cumulativeShares(influence), kept, options.edgeThreshold());
    }

    /**
     * The circuit of nodes that were chosen before, from the second step on.
     *
     * @param influence [N], of the graph
     * @param shares [N], their cumulative shares
     * @param nodeKept [N], tokens and logits among them; becomes part of the result, without those that dangle
     */
    static PrunedGraph prune(
            AttributionGraph graph, double[] influence, double[] shares, boolean[] nodeKept, double edgeThreshold) {
        EdgeScores scores = new EdgeScores(graph, nodeKept);
        BitSet edges = scores.atLeast(new CutSearch(scores, edgeThreshold).cut());
        Pruner pruner = new Pruner(graph, nodeKept);
        pruner.dropUnfed(edges);
        pruner.dropUnread(edges);
        return new PrunedGraph(graph, influence, shares, nodeKept, edges);
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
