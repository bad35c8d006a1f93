package io.circuitstream.circuits.pruning;

/**
 * What a node threshold leaves of a graph.
 *
 * @param nodeThreshold τ of influence; by elimination the circuit begins with as many features and errors as influence keeps there
 * @param nodes all kept ones, tokens and logits too
 * @param scores with everything removed folded, as absolute values, into errors
 */
public record CurvePoint(
        NodeCriterion criterion, double nodeThreshold, int nodes, int edges, PrunedGraph.Scores scores) {}
