package io.circuitstream.audit.behaviour.digest;

import java.util.List;

/**
 * What a window keeps of a circuit: features and edges without positions, ascending.
 *
 * @param failed when there is no circuit; the rest is then empty
 * @param features [n] codes
 * @param influence [n] summed over positions, in {@link Units}
 * @param edges [m]
 * @param share [m] of the absolute weights into the target, in {@link Units}
 * @param featuresLeftOut features beyond {@link #MOST_FEATURES}, those of least influence
 * @param edgesLeftOut edges beyond {@link #MOST_EDGES}, those of least share times influence of the target
 */
public record CircuitDigest(
        boolean failed,
        double completeness,
        double replacement,
        long[] features,
        long[] influence,
        List<Edge> edges,
        long[] share,
        int featuresLeftOut,
        int edgesLeftOut)
        implements Observation {
    public static final int MOST_FEATURES = 4_096;
    public static final int MOST_EDGES = 256;

    static final CircuitDigest FAILED =
            new CircuitDigest(true, 0, 0, new long[0], new long[0], List.of(), new long[0], 0, 0);
}
