package io.circuitstream.circuits.pruning;

/**
 * How much of a graph becomes the circuit.
 *
 * @param nodeThreshold nodes are kept until they hold this share of the influence
 * @param edgeThreshold edges are kept until they hold this share of the edge scores
 */
public record PruningOptions(double nodeThreshold, double edgeThreshold) {

    public static final PruningOptions DEFAULT = new PruningOptions(0.8, 0.98);

    public PruningOptions {
        requireShare("node threshold", nodeThreshold);
        requireShare("edge threshold", edgeThreshold);
    }

    static void requireShare(String what, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(what + " is " + value + ", must be in (0, 1]");
        }
    }
}
