package io.circuitstream.validation;

import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.Columns;
import io.circuitstream.events.NodeKind;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a circuit's edges predict of setting one of its features to 0, all gates fixed: the signed total effect
 * (circuits.md §4), along the edges that were kept. Nodes are by their index in the circuit.
 */
final class CircuitEffects {
    private final List<CircuitNode> nodes;
    private final int[] edgeTarget;
    private final int[] edgeSource;
    private final float[] edgeWeight;
    private final int[] byTarget;

    CircuitEffects(Circuit circuit) {
        this.nodes = circuit.getNodes();
        this.edgeTarget = Columns.ints(circuit.getEdgeTarget());
        this.edgeSource = Columns.ints(circuit.getEdgeSource());
        this.edgeWeight = Columns.floats(circuit.getEdgeWeight());
        this.byTarget = IntStream.range(0, edgeTarget.length)
                .boxed()
                .sorted((a, b) -> Integer.compare(edgeTarget[a], edgeTarget[b]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Change of every node's value when a feature is set to 0, the feature's own included: minus its activation. */
    double[] ablation(int feature) {
        double[] change = new double[nodes.size()];
        change[feature] = -nodes.get(feature).getValue();
        // A target's index is above those of the features it reads: everything below it is done.
        for (int e : byTarget) {
            CircuitNode source = nodes.get(edgeSource[e]);
            if (edgeTarget[e] != feature && source.getKind() == NodeKind.FEATURE && change[edgeSource[e]] != 0) {
                change[edgeTarget[e]] += edgeWeight[e] * change[edgeSource[e]] / source.getValue();
            }
        }
        return change;
    }

    /** Minus the weight of every edge from a feature, by target; 0 where there is none. */
    double[] direct(int feature) {
        double[] direct = new double[nodes.size()];
        for (int e = 0; e < edgeSource.length; e++) {
            if (edgeSource[e] == feature) {
                direct[edgeTarget[e]] = -edgeWeight[e];
            }
        }
        return direct;
    }

    int edges() {
        return edgeSource.length;
    }

    int source(int edge) {
        return edgeSource[edge];
    }

    int target(int edge) {
        return edgeTarget[edge];
    }
}
