package io.circuitstream.circuits.graph;

/**
 * Direct linear effects between the nodes of one prompt's local replacement model.
 *
 * @param skippedInfluenceBound upper bound on the influence that a node can be missing because rows were not expanded
 * @param conservationError worst |Σ A + bias − value| / (|bias| + Σ|A|) over the rows, before entries were dropped
 */
public record AttributionGraph(Nodes nodes, SparseRows rows, double skippedInfluenceBound, double conservationError) {

    /** Mean over the rows of |bias| / (|bias| + Σ|A|): what of the inputs has no node. */
    public double biasShare() {
        double sum = 0;
        for (int r = 0; r < rows.count(); r++) {
            double bias = Math.abs(rows.bias()[r]);
            sum += bias / Math.max(bias + rows.absSum()[r], 1e-10);
        }
        return rows.count() == 0 ? 0 : sum / rows.count();
    }
}
