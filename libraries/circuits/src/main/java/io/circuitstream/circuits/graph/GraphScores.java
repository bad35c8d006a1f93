package io.circuitstream.circuits.graph;

/**
 * How much of a graph goes through features and not through errors, each 0 to 1 (circuits.md §4).
 *
 * @param replacement Σ infl(embeddings) / (Σ infl(embeddings) + Σ infl(errors))
 * @param completeness share of the influence-weighted inputs that does not come from errors
 */
public record GraphScores(double replacement, double completeness) {}
