package io.circuitstream.dashboard.graphs;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.Columns;
import io.circuitstream.graphs.GraphReader;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** How much of a graph goes through the nodes that a person selected. */
public final class Selection {
    private Selection() {}

    /**
     * Scores as a circuit's own: tokens and logits always belong to it, the circuit's edges between its nodes do, and everything else
     * is folded as absolute values into errors. All of a circuit's nodes give the circuit's scores.
     *
     * @throws io.circuitstream.graphs.MalformedGraphException when the graph contradicts itself
     */
    public static PrunedGraph.Scores scores(
            io.circuitstream.events.AttributionGraph graph, Circuit circuit, Set<String> ids) {
        return scores(GraphReader.read(graph), circuit, ids);
    }

    /** Of a circuit without its graph: what the circuit has not is not counted as missing. */
    public static PrunedGraph.Scores scores(Circuit circuit, Set<String> ids) {
        return scores(CircuitGraph.of(circuit).graph(), circuit, ids);
    }

    private static PrunedGraph.Scores scores(AttributionGraph graph, Circuit circuit, Set<String> ids) {
        Nodes nodes = graph.nodes();
        boolean[] kept = new boolean[nodes.count()];
        Map<String, Integer> indexOf = new HashMap<>();
        for (int node = 0; node < kept.length; node++) {
            String id = nodes.id(node);
            kept[node] = node >= nodes.firstToken() || ids.contains(id);
            if (kept[node]) {
                indexOf.put(id, node);
            }
        }
        BitSet edges = edges(graph.rows(), circuit, indexOf);
        return new PrunedGraph(graph, new double[0], new double[0], kept, edges).foldedScores();
    }

    /** Entries of the graph that are edges of the circuit between these nodes. */
    private static BitSet edges(SparseRows rows, Circuit circuit, Map<String, Integer> indexOf) {
        int[] target = Columns.ints(circuit.getEdgeTarget());
        int[] source = Columns.ints(circuit.getEdgeSource());
        BitSet edges = new BitSet();
        for (int e = 0; e < target.length; e++) {
            Integer to = indexOf.get(circuit.getNodes().get(target[e]).getId());
            Integer from = indexOf.get(circuit.getNodes().get(source[e]).getId());
            int row = to == null || from == null ? -1 : rows.rowOf(to);
            int entry = row < 0 ? -1 : Arrays.binarySearch(rows.col(), rows.begin(row), rows.end(row), from);
            if (entry >= 0) {
                edges.set(entry);
            }
        }
        return edges;
    }
}
