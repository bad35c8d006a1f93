package io.circuitstream.circuits.pruning;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;

/**
 * Where the targets' weight goes when some features explain and every edge between them counts: whatever comes from another
 * feature, from an error or from an entry that was not stored is lost. One pass down the rows of the explaining nodes.
 *
 * <p>One more feature never lowers the completeness: what was lost at once goes on to what it reads, and is lost later or not at
 * all. {@link PrunedGraph#foldedScores} of the same features with fewer edges is never above it.
 */
final class NodeFlow {
    /** [N] how much reaches an explaining node; of an error, how much is lost in it. Meaningless of other features. */
    final double[] mass;
    /** Of all visits, each by its mass: w, what reaches explaining nodes and tokens, and what is lost. */
    private double all;

    private double lost;

    /** @param explains [N] features that are kept, all tokens and logits; no error */
    NodeFlow(AttributionGraph graph, boolean[] explains) {
        Nodes nodes = graph.nodes();
        SparseRows rows = graph.rows();
        mass = new double[nodes.count()];
        for (int i = nodes.firstLogit(); i < nodes.count(); i++) {
            all += nodes.weight(i);
        }
        for (int r = rows.count() - 1; r >= 0; r--) {
            int target = rows.rowNode()[r];
            double total = mass[target] + nodes.weight(target);
            // A row of zeros counts as complete.
            if (explains[target] && total != 0 && rows.absSum()[r] != 0) {
                double explained = 0;
                for (int e = rows.end(r) - 1; e >= rows.begin(r); e--) {
                    int source = rows.col()[e];
                    double share = rows.share(r, e);
                    mass[source] += total * share;
                    explained += explains[source] ? share : 0;
                }
                double error = total * Math.max(0, 1 - explained);
                all += total;
                lost += error;
            }
        }
    }

    double all() {
        return all;
    }

    double lost() {
        return lost;
    }

    /** Folded completeness, 0 to 1. */
    double completeness() {
        return all == 0 ? 0 : (all - lost) / all;
    }
}
