package io.circuitstream.circuits.graph;

/**
 * What of the whole graph of a prompt is not in this one, beside the smallest entries of each row. The two bounds add up: no node's
 * influence is larger than in this graph by more than their sum.
 *
 * @param skippedRows active features without a row
 * @param skippedInfluenceBound upper bound on the influence that a node can be missing because of them
 * @param leftOutEdges entries of rows that were left out for the graph to have a limited size
 * @param leftOutInfluenceBound upper bound on the influence that a node can be missing because of them
 */
public record Omissions(
        int skippedRows, double skippedInfluenceBound, long leftOutEdges, double leftOutInfluenceBound) {

    public static final Omissions NONE = new Omissions(0, 0, 0, 0);

    /** Of graphs that others made, who do not say. */
    public static final Omissions UNKNOWN = new Omissions(0, Double.NaN, 0, Double.NaN);
}
