package io.circuitstream.circuits.graph;

/**
 * Direct linear effects between the nodes of one prompt's local replacement model.
 *
 * @param scores before edges were left out
 * @param conservationError worst |Σ A + bias − value| / (|bias| + Σ|A|) over the rows, before entries were dropped
 */
public record AttributionGraph(
        Nodes nodes, SparseRows rows, GraphScores scores, Omissions omissions, double conservationError) {

    /** A graph of which only the rows are known. */
    public static AttributionGraph ofRows(Nodes nodes, SparseRows rows) {
        GraphScores none = new GraphScores(Double.NaN, Double.NaN);
        AttributionGraph unscored = new AttributionGraph(nodes, rows, none, Omissions.UNKNOWN, Double.NaN);
        double[] influence = Influence.of(unscored);
        GraphScores scores = new GraphScores(
                Influence.replacementScore(nodes, influence), Influence.completenessScore(unscored, influence));
        return new AttributionGraph(nodes, rows, scores, Omissions.UNKNOWN, Double.NaN);
    }

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
