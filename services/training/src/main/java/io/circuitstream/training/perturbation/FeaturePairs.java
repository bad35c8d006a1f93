package io.circuitstream.training.perturbation;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.validation.Correlation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Ablated features and those that they reach, with what was predicted and measured of them. */
final class FeaturePairs {
    private final List<Pair> pairs = new ArrayList<>();

    /**
     * An ablated feature and one downstream, changes in shares of the latter's activation.
     *
     * @param iterative predicted by features that encode anew
     * @param measured in the model, every written layer
     * @param measuredFrozen the same with attention and norms frozen
     */
    record Pair(int depth, double influence, double frozen, double iterative, double measured, double measuredFrozen) {}

    /** Changes of all active features. */
    record Moved(double[] iterative, double[] model, double[] modelFrozen) {}

    void add(AttributionGraph graph, int source, Moved moved) {
        double[] influence = Influence.from(graph, source);
        double[] frozen = Influence.ablation(graph, source);
        int layer = graph.nodes().layer(source);
        for (int t = 0; t < moved.model().length; t++) {
            if (t != source && influence[t] != 0) {
                double activation = graph.nodes().value(t);
                pairs.add(new Pair(
                        graph.nodes().layer(t) - layer,
                        influence[t],
                        frozen[t] / activation,
                        moved.iterative()[t] / activation,
                        moved.model()[t] / activation,
                        moved.modelFrozen()[t] / activation));
            }
        }
    }

    /** Of the sizes of two of a pair's numbers. */
    OptionalDouble spearman(ToDoubleFunction<Pair> one, ToDoubleFunction<Pair> other) {
        return Correlation.spearman(
                pairs.stream().mapToDouble(one).map(Math::abs).toArray(),
                pairs.stream().mapToDouble(other).map(Math::abs).toArray());
    }

    /** Cosine of predicted (frozen) and measured changes in the model, by layers between. */
    Map<Integer, Double> cosineByDepth() {
        Map<Integer, List<Pair>> byDepth = new TreeMap<>();
        pairs.forEach(
                p -> byDepth.computeIfAbsent(p.depth(), d -> new ArrayList<>()).add(p));
        Map<Integer, Double> cosines = new TreeMap<>();
        byDepth.forEach((depth, some) -> Correlation.cosine(
                        some.stream().mapToDouble(Pair::frozen).toArray(),
                        some.stream().mapToDouble(Pair::measured).toArray())
                .ifPresent(cosine -> cosines.put(depth, cosine)));
        return cosines;
    }
}
