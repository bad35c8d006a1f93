package io.circuitstream.circuits.validation;

import io.circuitstream.circuits.intervention.Interventions.Moved;
import java.util.List;

/**
 * What setting several features to 0 at once did.
 *
 * @param features among the prompt's active ones
 * @param direct the target's change with everything frozen: the sum of the graph's edges, by construction
 * @param ownLayer in the model, each feature's part taken away at its own layer
 * @param allLayers in the model, taken away at every layer they write to
 * @param controls in the model, random directions in place of the features' parts: of the norm of their sum at each layer and position,
 *     which is each feature's own norm where only one writes
 */
public record JointAblation(
        List<Integer> features, double direct, Moved ownLayer, Moved allLayers, List<Moved> controls) {}
