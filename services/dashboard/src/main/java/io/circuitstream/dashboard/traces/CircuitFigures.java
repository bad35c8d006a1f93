package io.circuitstream.dashboard.traces;

import io.circuitstream.events.Circuit;

/** What pruning says of a prompt. */
public record CircuitFigures(int nodes, int edges, double replacementScore, double completenessScore) {
    static CircuitFigures of(Circuit event) {
        return new CircuitFigures(
                event.getNodes().size(),
                event.getEdgeWeight().remaining() / Float.BYTES,
                event.getCircuitReplacementScore(),
                event.getCircuitCompletenessScore());
    }
}
