package io.circuitstream.circuits.validation;

import io.circuitstream.circuits.intervention.Interventions.Moved;
import java.util.List;

/**
 * What setting one feature to 0 did.
 *
 * @param feature among the prompt's active ones
 * @param direct the target's change with everything frozen: the graph's edge, by construction
 * @param ownLayer in the model, the feature's part taken away at its own layer
 * @param allLayers in the model, taken away at every layer it writes to
 * @param controls in the model, random directions of the same norm in place of the feature's part at every layer it writes to
 * @param sweep the target's change at other activations
 * @param constrained the target's change with the MLPs' outputs held from the feature's layer to another, whose index is
 *     ascending up to the last one
 */
public record Ablation(
        int feature,
        double direct,
        Moved ownLayer,
        Moved allLayers,
        List<Moved> controls,
        List<Swept> sweep,
        List<Double> constrained) {

    /**
     * The target's change at one activation, in the model.
     *
     * @param factor of the clean activation: 0 is the ablation, −1 inhibits, 2 amplifies
     * @param ownLayer with the change at the feature's own layer
     */
    public record Swept(float factor, double ownLayer) {}
}
