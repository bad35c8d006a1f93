package io.circuitstream.training.perturbation;

import io.circuitstream.circuits.attribution.AttributionOptions;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.Expansion;
import io.circuitstream.circuits.attribution.RowProgress;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.intervention.Change;
import io.circuitstream.circuits.intervention.Change.Layers;
import io.circuitstream.circuits.intervention.Intervention;
import io.circuitstream.circuits.intervention.Interventions;
import io.circuitstream.circuits.intervention.Interventions.Moved;
import io.circuitstream.circuits.intervention.Mode;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.validation.Correlation;
import io.circuitstream.circuits.validation.GradientPredictor;
import io.circuitstream.training.perturbation.FeaturePairs.Pair;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Ablates one prompt's most influential features, one after the other, and compares with what was predicted. */
final class PerturbedPrompt {
    /** Every entry of every row: a small edge that is not stored would look like a wrong one. */
    private static final AttributionOptions EVERYTHING =
            new AttributionOptions(10, .95, List.of(), 0).with(Expansion.EXACT);

    private final LocalReplacementModel local;
    private final AttributionGraph graph;
    private final double[] influence;
    private final double[] effect;
    private final int[] sources;
    private final int[] all;
    private final Readout target;
    private final Interventions interventions;
    private final GradientPredictor gradient;
    private final Map<Metric, double[]> predicted = new EnumMap<>(Metric.class);
    private final Map<Metric, double[]> measured = new EnumMap<>(Metric.class);
    private final FeaturePairs pairs = new FeaturePairs();
    private final double[] toControl;
    private double worstDirectError;

    private PerturbedPrompt(LocalReplacementModel local, int most) {
        this.local = local;
        this.graph = Attributor.attribute(local, EVERYTHING, RowProgress.NONE);
        this.influence = Influence.of(graph);
        this.effect = Influence.totalEffect(graph, graph.nodes().firstLogit());
        this.sources = IntStream.range(0, graph.nodes().featureCount())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -influence[i]))
                .limit(most)
                .mapToInt(Integer::intValue)
                .toArray();
        this.all = IntStream.range(0, graph.nodes().featureCount()).toArray();
        this.target = graph.nodes().targets().get(0).readout();
        this.interventions = new Interventions(local);
        this.gradient = GradientPredictor.of(local, target);
        this.toControl = new double[sources.length];
    }

    /**
     * The prompt's figures.
     *
     * @param most features that are ablated, the most influential first
     * @param seed of the random directions
     */
    static PromptFigures measure(String group, LocalReplacementModel local, int most, long seed) {
        PerturbedPrompt prompt = new PerturbedPrompt(local, most);
        Random random = new Random(seed);
        for (int k = 0; k < prompt.sources.length; k++) {
            prompt.ablate(k, random);
        }
        return prompt.figures(group);
    }

    private void ablate(int k, Random random) {
        int feature = sources[k];
        Change own = Change.feature(local, feature, 0, Layers.OWN);
        Change every = Change.feature(local, feature, 0, Layers.ALL_WRITTEN);
        List<Moved> both = interventions.run(List.of(own, every), Mode.MODEL, target, all);
        Moved model = both.get(0);
        Moved inModel = both.get(1);
        List<Change> drawn = List.of(Change.random(local, feature, Layers.OWN, random));
        Moved control = interventions.run(drawn, Mode.MODEL, target, new int[0]).get(0);
        double frozen = -effect[feature];
        double ownGradient = gradient.ablation(feature, Layers.OWN);
        Moved encodedAnew = iterative(feature);
        double iterative = encodedAnew.target();
        Moved frozenModel = interventions
                .run(List.of(every), new Mode.Model(true, true), target, all)
                .get(0);
        pair(Metric.FROZEN_ATTENTION_NORMS, k, frozen, frozenModel.target());
        pair(Metric.FROZEN_NORMS, k, frozen, effect(every, new Mode.Model(false, true)));
        pair(Metric.FROZEN_ALL, k, frozen, inModel.target());
        pair(Metric.FROZEN_OWN, k, frozen, model.target());
        pair(Metric.ITERATIVE_ALL, k, iterative, inModel.target());
        pair(Metric.ITERATIVE_OWN, k, iterative, model.target());
        pair(Metric.GRADIENT_ALL, k, gradient.ablation(feature, Layers.ALL_WRITTEN), inModel.target());
        pair(Metric.GRADIENT_OWN, k, ownGradient, model.target());
        pair(Metric.CONTROL, k, frozen, control.target());
        pair(Metric.CONTROL_GRADIENT, k, ownGradient, control.target());
        pair(Metric.SIGN_FROZEN, k, frozen, model.target());
        pair(Metric.SIGN_GRADIENT, k, ownGradient, model.target());
        pair(Metric.DIVERGENCE, k, influence[feature], model.divergence());
        toControl[k] = model.divergence() / Math.max(control.divergence(), 1e-12);
        pairs.add(
                graph,
                feature,
                new FeaturePairs.Moved(encodedAnew.features(), inModel.features(), frozenModel.features()));
        double edge = graph.rows().get(graph.nodes().firstLogit(), feature);
        worstDirectError = Math.max(worstDirectError, Math.abs(effect(every, Mode.DIRECT) + edge));
    }

    private double effect(Change change, Mode mode) {
        return interventions.effect(change, mode, target);
    }

    private Moved iterative(int feature) {
        ActiveFeatures active = local.features();
        Intervention ablation = Intervention.at(
                active.layer()[feature], active.index()[feature], active.position()[feature], new Intervention.Set(0));
        return interventions.run(List.of(ablation), new Mode.Iterative(false), Layers.OWN, target, all);
    }

    private void pair(Metric metric, int k, double prediction, double measurement) {
        predicted.computeIfAbsent(metric, m -> new double[sources.length])[k] = prediction;
        measured.computeIfAbsent(metric, m -> new double[sources.length])[k] = measurement;
    }

    private PromptFigures figures(String group) {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        predicted.forEach((metric, prediction) -> {
            double[] measurement = measured.get(metric);
            if (metric == Metric.SIGN_FROZEN || metric == Metric.SIGN_GRADIENT) {
                values.put(metric, equalSigns(prediction, measurement));
            } else {
                Correlation.spearman(prediction, measurement).ifPresent(rho -> values.put(metric, rho));
            }
        });
        put(values, Metric.FEATURE_INFLUENCE_FROZEN, pairs.spearman(Pair::influence, Pair::measuredFrozen));
        put(values, Metric.FEATURE_INFLUENCE, pairs.spearman(Pair::influence, Pair::measured));
        put(values, Metric.FEATURE_FROZEN, pairs.spearman(Pair::frozen, Pair::measured));
        put(values, Metric.FEATURE_ITERATIVE, pairs.spearman(Pair::iterative, Pair::measured));
        return new PromptFigures(
                group, values, new TreeMap<>(pairs.cosineByDepth()), worstDirectError, median(toControl));
    }

    private static void put(Map<Metric, Double> values, Metric metric, OptionalDouble rho) {
        rho.ifPresent(value -> values.put(metric, value));
    }

    private static double equalSigns(double[] x, double[] y) {
        return IntStream.range(0, x.length)
                .mapToDouble(i -> Math.signum(x[i]) == Math.signum(y[i]) ? 1 : 0)
                .average()
                .orElse(0);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }
}
