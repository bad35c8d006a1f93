package io.circuitstream.pruning;

import io.circuitstream.circuits.pruning.ChosenCircuit;
import io.circuitstream.circuits.pruning.CircuitFinder;
import io.circuitstream.circuits.pruning.NodeCriterion;
import io.circuitstream.circuits.pruning.PruningOptions;
import io.circuitstream.events.PruningMode;
import io.circuitstream.events.PruningSettings;
import io.circuitstream.platform.stream.RequestException;

/** The circuit of a graph that a request asks for. */
public final class CircuitChoice {
    private CircuitChoice() {}

    /**
     * The requested one; what the request does not say is by influence for thresholds, by elimination otherwise.
     *
     * @throws RequestException when the settings are no shares, or the budget is none
     */
    public static ChosenCircuit of(CircuitFinder graph, PruningSettings settings) {
        NodeCriterion criterion = criterion(settings);
        try {
            // Thresholds that do not exist are refused even where another mode does not use them.
            PruningOptions options = new PruningOptions(settings.getNodeThreshold(), settings.getEdgeThreshold());
            double edges = options.edgeThreshold();
            return switch (settings.getMode()) {
                case THRESHOLDS -> graph.atThreshold(criterion, options);
                case COMPLETENESS -> graph.keepingCompleteness(criterion, settings.getCompletenessShare(), edges);
                case NODE_BUDGET -> graph.withinBudget(criterion, settings.getNodeBudget(), edges);
            };
        } catch (IllegalArgumentException e) {
            throw new RequestException("pruning settings: " + e.getMessage());
        }
    }

    private static NodeCriterion criterion(PruningSettings settings) {
        return switch (settings.getCriterion()) {
            case INFLUENCE -> NodeCriterion.INFLUENCE;
            case ELIMINATION -> NodeCriterion.ELIMINATION;
            case AUTOMATIC ->
                settings.getMode() == PruningMode.THRESHOLDS ? NodeCriterion.INFLUENCE : NodeCriterion.ELIMINATION;
        };
    }
}
