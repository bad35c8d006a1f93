package io.circuitstream.circuits.pruning;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.SparseRows;
import java.util.BitSet;

/** Circuits of given features with every edge between them, tokens and logits, whether anything dangles or not. */
final class Masked {
    private Masked() {}

    static double completeness(AttributionGraph graph, boolean[] explains) {
        SparseRows rows = graph.rows();
        BitSet edges = new BitSet();
        for (int r = 0; r < rows.count(); r++) {
            for (int e = rows.begin(r); e < rows.end(r); e++) {
                edges.set(e, explains[rows.rowNode()[r]] && explains[rows.col()[e]]);
            }
        }
        int n = graph.nodes().count();
        return new PrunedGraph(graph, new double[n], new double[n], explains, edges)
                .foldedScores()
                .completeness();
    }
}
