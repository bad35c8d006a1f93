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

    /**
     * Change of the first target when several features are set to 0 at once. A member's own effect counts as far as the other
     * members have not already taken its activation away along the circuit's edges: what one feeds another counts once.
     */
    double jointAblation(List<Integer> members) {
        double[] change = new double[nodes.size()];
        for (int member : members) {
            change[member] = -nodes.get(member).getValue();
        }
        double[] taken = new double[nodes.size()];
        for (int e : byTarget) {
            double moved = moved(e, change);
            if (members.contains(edgeTarget[e])) {
                taken[edgeTarget[e]] += moved;
            } else {
                change[edgeTarget[e]] += moved;
            }
        }
        double effect = 0;
        for (int member : members) {
            CircuitNode node = nodes.get(member);
            effect -= (node.getValue() + taken[member]) / node.getValue() * node.getEffect();
        }
        return effect;
    }

    /** What an edge hands on of its source's change; 0 of what is no feature. */
    private double moved(int edge, double[] change) {
        CircuitNode source = nodes.get(edgeSource[edge]);
        return source.getKind() == NodeKind.FEATURE
                ? edgeWeight[edge] * change[edgeSource[edge]] / source.getValue()
                : 0;
    }

    /** Change of every node's value when a feature is set to 0, the feature's own included: minus its activation. */
    double[] ablation(int feature) {
        double[] change = new double[nodes.size()];
        change[feature] = -nodes.get(feature).getValue();
        // A target's index is above those of the features it reads: everything below it is done.
        for (int e : byTarget) {
            if (edgeTarget[e] != feature) {
                change[edgeTarget[e]] += moved(e, change);
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
