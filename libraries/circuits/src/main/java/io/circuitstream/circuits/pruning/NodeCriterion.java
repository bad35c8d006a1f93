package io.circuitstream.circuits.pruning;

/** By what features and errors are ranked: a circuit keeps the first so many of them. */
public enum NodeCriterion {
    /** By their influence on the targets, as circuit-tracer does. */
    INFLUENCE,
    /** By when {@link Elimination} takes them out. */
    ELIMINATION
}
