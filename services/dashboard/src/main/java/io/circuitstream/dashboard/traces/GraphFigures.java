package io.circuitstream.dashboard.traces;

import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Circuit;

/** What attribution says of a prompt. */
public record GraphFigures(double replacementScore, double completenessScore, double skippedInfluenceBound) {
    static GraphFigures of(AttributionGraph event) {
        return new GraphFigures(
                event.getReplacementScore(), event.getCompletenessScore(), event.getSkippedInfluenceBound());
    }

    /** Of a graph that came as a circuit: nothing else of it is known. */
    static GraphFigures of(Circuit event) {
        return new GraphFigures(
                event.getReplacementScore(), event.getCompletenessScore(), event.getSkippedInfluenceBound());
    }
}
