package io.circuitstream.circuits.pruning;

/**
 * A way through a circuit.
 *
 * @param nodes in the graph: a token, features upwards, a logit
 * @param strength share of the targets' weight that goes this way: the logit's weight times |A| over the exact row sum of each edge
 * @param effect signed, on the logit: the product of A over all edges, per unit of activation at every feature on the way; over all
 *     paths of the graph between a token and a logit they add up to the token's total effect
 */
public record TokenPath(int[] nodes, double strength, double effect) {}
