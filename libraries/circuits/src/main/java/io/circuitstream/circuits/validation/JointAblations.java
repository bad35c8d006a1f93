package io.circuitstream.circuits.validation;

import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.intervention.Change;
import io.circuitstream.circuits.intervention.Change.Layers;
import io.circuitstream.circuits.intervention.Intervention;
import io.circuitstream.circuits.intervention.Interventions;
import io.circuitstream.circuits.intervention.Interventions.Moved;
import io.circuitstream.circuits.intervention.Mode;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Sets groups of features to 0 in the model, each group at once, with random directions beside each. */
public final class JointAblations {
    /** The controls of groups are others than those of single features. */
    private static final long OTHER_SEED = 0x9E3779B97F4A7C15L;

    private JointAblations() {}

    /**
     * One for every group, in order.
     *
     * @param groups of active features of the prompt, each feature once
     * @param plan of which controls and seed count: groups are not held at other activations
     */
    public static List<JointAblation> run(
            LocalReplacementModel local, List<List<Integer>> groups, Readout target, AblationPlan plan) {
        Interventions interventions = new Interventions(local);
        Random random = new Random(plan.seed() ^ OTHER_SEED);
        List<Change> own = changes(local, groups, Layers.OWN);
        List<Change> all = changes(local, groups, Layers.ALL_WRITTEN);
        List<Change> controls = new ArrayList<>();
        for (Change change : all) {
            for (int c = 0; c < plan.controls(); c++) {
                controls.add(change.randomised(local.positions(), random));
            }
        }
        int[] nothing = {};
        List<Double> direct = interventions.effects(all, Mode.DIRECT, target);
        List<Moved> ownLayer = interventions.run(own, Mode.MODEL, target, nothing);
        List<Moved> allLayers = interventions.run(all, Mode.MODEL, target, nothing);
        List<Moved> moved = interventions.run(controls, Mode.MODEL, target, nothing);
        return IntStream.range(0, groups.size())
                .mapToObj(i -> new JointAblation(
                        groups.get(i),
                        direct.get(i),
                        ownLayer.get(i),
                        allLayers.get(i),
                        moved.subList(i * plan.controls(), (i + 1) * plan.controls())))
                .toList();
    }

    private static List<Change> changes(LocalReplacementModel local, List<List<Integer>> groups, Layers layers) {
        ActiveFeatures active = local.features();
        return groups.stream()
                .map(group -> group.stream()
                        .map(i -> Intervention.at(
                                active.layer()[i], active.index()[i], active.position()[i], new Intervention.Set(0)))
                        .toList())
                .map(held -> Change.of(local, held, layers))
                .toList();
    }
}
