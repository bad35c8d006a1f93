package io.circuitstream.circuits.validation;

import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.intervention.Change;
import io.circuitstream.circuits.intervention.Change.Layers;
import io.circuitstream.circuits.intervention.Interventions;
import io.circuitstream.circuits.intervention.Interventions.Moved;
import io.circuitstream.circuits.intervention.Mode;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.validation.Ablation.Swept;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Sets features to 0 in the model, each on its own, with random directions of the same norm beside each. */
public final class Ablations {
    private final LocalReplacementModel local;
    private final Interventions interventions;
    private final Readout target;
    private final int[] watched;
    private final AblationPlan plan;
    private final Random random;

    private Ablations(LocalReplacementModel local, Readout target, int[] watched, AblationPlan plan) {
        this.local = local;
        this.interventions = new Interventions(local);
        this.target = target;
        this.watched = watched;
        this.plan = plan;
        this.random = new Random(plan.seed());
    }

    /**
     * One for every feature, in order; short prompts run beside one another in one pass.
     *
     * @param features among the prompt's active ones
     * @param watched active features whose pre-activations are measured too
     */
    public static List<Ablation> run(
            LocalReplacementModel local,
            int[] features,
            Readout target,
            int[] watched,
            AblationPlan plan,
            ClaimProgress progress) {
        Ablations ablations = new Ablations(local, target, watched, plan);
        int changes = 2 + plan.controls() + plan.factors().size();
        int together = Math.max(1, Interventions.together(local) / changes);
        List<Ablation> results = new ArrayList<>();
        for (int from = 0; from < features.length; from += together) {
            ablations.run(Arrays.copyOfRange(features, from, Math.min(features.length, from + together)), results);
            progress.claims(results.size(), features.length);
        }
        return results;
    }

    private void run(int[] features, List<Ablation> results) {
        List<Change> all = changes(features, Layers.ALL_WRITTEN, 0);
        List<Double> direct = interventions.effects(all, Mode.DIRECT, target);
        List<Moved> ownLayer = moved(changes(features, Layers.OWN, 0));
        List<Moved> allLayers = moved(all);
        List<Moved> controls = moved(controls(features));
        List<List<Double>> sweeps = plan.factors().stream()
                .map(factor -> interventions.effects(changes(features, Layers.OWN, factor), Mode.MODEL, target))
                .toList();
        Map<Integer, List<Double>> constrained = plan.constrained() ? constrained(features, all) : Map.of();
        for (int i = 0; i < features.length; i++) {
            results.add(new Ablation(
                    features[i],
                    direct.get(i),
                    ownLayer.get(i),
                    allLayers.get(i),
                    controls.subList(i * plan.controls(), (i + 1) * plan.controls()),
                    swept(sweeps, i),
                    constrained.getOrDefault(features[i], List.of())));
        }
    }

    private List<Moved> moved(List<Change> changes) {
        return interventions.run(changes, Mode.MODEL, target, watched);
    }

    /** Every feature held at a multiple of its activation. */
    private List<Change> changes(int[] features, Layers layers, float factor) {
        return Arrays.stream(features)
                .mapToObj(
                        i -> Change.feature(local, i, factor * local.features().activation()[i], layers))
                .toList();
    }

    private List<Change> controls(int[] features) {
        List<Change> controls = new ArrayList<>();
        for (int feature : features) {
            for (int c = 0; c < plan.controls(); c++) {
                controls.add(Change.random(local, feature, Layers.ALL_WRITTEN, random));
            }
        }
        return controls;
    }

    private List<Swept> swept(List<List<Double>> sweeps, int i) {
        return IntStream.range(0, sweeps.size())
                .mapToObj(k -> new Swept(plan.factors().get(k), sweeps.get(k).get(i)))
                .toList();
    }

    /** By feature, ascending by the last layer of the range; features of one layer run beside one another. */
    private Map<Integer, List<Double>> constrained(int[] features, List<Change> changes) {
        int[] layers = local.features().layer();
        Map<Integer, List<Double>> effects = new HashMap<>();
        Arrays.stream(features).map(i -> layers[i]).distinct().forEach(own -> {
            int[] same = IntStream.range(0, features.length)
                    .filter(i -> layers[features[i]] == own)
                    .toArray();
            List<Change> some = Arrays.stream(same).mapToObj(changes::get).toList();
            for (int last = own; last < local.model().config().layers(); last++) {
                List<Double> moved = interventions.effects(some, new Mode.Constrained(own, last, false), target);
                for (int k = 0; k < same.length; k++) {
                    effects.computeIfAbsent(features[same[k]], f -> new ArrayList<>())
                            .add(moved.get(k));
                }
            }
        });
        return effects;
    }
}
