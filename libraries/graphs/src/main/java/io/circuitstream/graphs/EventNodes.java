package io.circuitstream.graphs;

import io.circuitstream.circuits.graph.LogitTarget;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import java.util.List;

/** Parts of events that are nodes, as the maths has them. */
public final class EventNodes {
    private EventNodes() {}

    /**
     * Features that ascend by layer.
     *
     * @throws MalformedGraphException when one is of no layer, or they do not ascend
     */
    public static ActiveFeatures features(int layers, int[] layer, int[] position, int[] index, float[] activation) {
        int[] start = new int[layers + 1];
        for (int i = 0; i < layer.length; i++) {
            if (layer[i] < (i == 0 ? 0 : layer[i - 1]) || layer[i] >= layers) {
                throw new MalformedGraphException("column featureLayer of the graph has layer " + layer[i]
                        + " at place " + i + ": layers ascend and are less than " + layers);
            }
            start[layer[i] + 1]++;
        }
        for (int l = 0; l < layers; l++) {
            start[l + 1] += start[l];
        }
        return new ActiveFeatures(layer, position, index, activation, start);
    }

    /** The outputs that a graph explains. */
    public static List<LogitTarget> targets(List<io.circuitstream.events.LogitTarget> targets) {
        return targets.stream()
                .map(target -> new LogitTarget(target.getTokenId(), target.getToken(), target.getProbability()))
                .toList();
    }

    /** An array of the list's values. */
    public static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }
}
