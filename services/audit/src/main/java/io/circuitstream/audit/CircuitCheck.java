package io.circuitstream.audit;

import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.Columns;
import io.circuitstream.events.Status;

/** Refuses circuits that contradict themselves, before several readers each make a dead letter of one. */
final class CircuitCheck {
    private CircuitCheck() {}

    /** @throws IllegalArgumentException that says what is wrong */
    static void check(Circuit circuit) {
        if (circuit.getStatus() != Status.OK) {
            return;
        }
        int[] source = Columns.ints(circuit.getEdgeSource());
        int[] target = Columns.ints(circuit.getEdgeTarget());
        float[] weight = Columns.floats(circuit.getEdgeWeight());
        if (source.length != target.length || source.length != weight.length) {
            throw new IllegalArgumentException("edge columns of %d, %d and %d values: they must be as many"
                    .formatted(source.length, target.length, weight.length));
        }
        int nodes = circuit.getNodes().size();
        for (int e = 0; e < source.length; e++) {
            finite("weight of an edge", weight[e]);
            if (Math.min(source[e], target[e]) < 0 || Math.max(source[e], target[e]) >= nodes) {
                throw new IllegalArgumentException(
                        "edge %d from node %d to node %d of %d nodes".formatted(e, source[e], target[e], nodes));
            }
        }
        finite("completenessScore", circuit.getCompletenessScore());
        finite("replacementScore", circuit.getReplacementScore());
        for (CircuitNode node : circuit.getNodes()) {
            finite("influence of a node", node.getInfluence());
        }
    }

    private static void finite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " is " + value + ", not a finite number");
        }
    }
}
