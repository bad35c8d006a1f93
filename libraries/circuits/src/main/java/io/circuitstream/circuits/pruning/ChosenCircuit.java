package io.circuitstream.circuits.pruning;

/**
 * A circuit and how it was cut.
 *
 * @param criterion by which its features and errors were ranked
 * @param options thresholds of influence and of edges: those that were asked for; of a circuit that was searched, the smallest node
 *     threshold at which influence alone keeps all that it began with, and the edge threshold that it needed
 */
public record ChosenCircuit(PrunedGraph circuit, NodeCriterion criterion, PruningOptions options) {}
