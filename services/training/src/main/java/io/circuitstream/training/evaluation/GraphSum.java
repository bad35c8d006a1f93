package io.circuitstream.training.evaluation;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;

/** Scores and sizes of unpruned graphs, summed over prompts. Not thread-safe. */
final class GraphSum {
    private int prompts;
    private double replacement;
    private double completeness;
    private double pathLength;
    private long activeFeatures;
    private long edges;
    private double conservationError;

    void add(AttributionGraph graph) {
        double[] influence = Influence.of(graph);
        prompts++;
        replacement += Influence.replacementScore(graph.nodes(), influence);
        completeness += Influence.completenessScore(graph, influence);
        pathLength += Influence.pathLength(graph);
        activeFeatures += graph.nodes().featureCount();
        edges += graph.rows().col().length;
        conservationError = Math.max(conservationError, graph.conservationError());
    }

    void add(GraphSum other) {
        prompts += other.prompts;
        replacement += other.replacement;
        completeness += other.completeness;
        pathLength += other.pathLength;
        activeFeatures += other.activeFeatures;
        edges += other.edges;
        conservationError = Math.max(conservationError, other.conservationError);
    }

    double replacementScore() {
        return replacement / prompts;
    }

    double completenessScore() {
        return completeness / prompts;
    }

    double pathLength() {
        return pathLength / prompts;
    }

    EvaluationFigures.GraphSizes sizes() {
        return new EvaluationFigures.GraphSizes(
                prompts,
                activeFeatures / (double) prompts,
                edges / (double) prompts,
                prompts == 0 ? Double.NaN : conservationError);
    }
}
