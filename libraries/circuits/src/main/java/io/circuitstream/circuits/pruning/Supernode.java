package io.circuitstream.circuits.pruning;

/**
 * Features of a circuit that may be one thing: a proposal.
 *
 * @param nodes in the graph, ascending, at least two
 * @param similarity least cosine of any two of them, see {@link EdgeProfile}; of the same feature 1
 */
public record Supernode(Reason reason, int[] nodes, double similarity) {

    /** Why these. */
    public enum Reason {
        /** One feature of one layer, active at several positions. */
        SAME_FEATURE,
        /** They read nearly the same and feed nearly the same, position aside. */
        SAME_PROFILE
    }
}
