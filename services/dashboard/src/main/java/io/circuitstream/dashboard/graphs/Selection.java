package io.circuitstream.dashboard.graphs;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.events.Circuit;
import java.util.BitSet;
import java.util.Set;

/** How much of a graph goes through the nodes that a person selected. */
public final class Selection {
    private Selection() {}

    /**
     * Scores as a circuit's own: tokens and logits always belong to it, all edges between its nodes do, and everything else is folded
     * as absolute values into errors.
     */
    public static PrunedGraph.Scores scores(io.circuitstream.events.AttributionGraph graph, Set<String> ids) {
        return scores(EventGraph.of(graph), ids);
    }

    /** Of a circuit without its graph: what the circuit has not is not counted as missing. */
    public static PrunedGraph.Scores scores(Circuit circuit, Set<String> ids) {
        return scores(CircuitGraph.of(circuit).graph(), ids);
    }

    private static PrunedGraph.Scores scores(AttributionGraph graph, Set<String> ids) {
        Nodes nodes = graph.nodes();
        SparseRows rows = graph.rows();
        boolean[] kept = new boolean[nodes.count()];
        for (int node = 0; node < kept.length; node++) {
            kept[node] = node >= nodes.firstToken() || ids.contains(nodes.id(node));
        }
        BitSet edges = new BitSet();
        for (int row = 0; row < rows.count(); row++) {
            for (int e = rows.begin(row); kept[rows.rowNode()[row]] && e < rows.end(row); e++) {
                edges.set(e, kept[rows.col()[e]]);
            }
        }
        return new PrunedGraph(graph, new double[0], new double[0], kept, edges).foldedScores();
    }
}
