package io.circuitstream.training.perturbation;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.validation.Correlation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Ablated features and those that they reach, with what was predicted and measured of them. */
final class FeaturePairs {
    private final List<Pair> pairs = new ArrayList<>();

    /** What predicts. */
    enum Side {
        INFLUENCE,
        FROZEN
    }

    /** @param activation of the target */
    private record Pair(int depth, double influence, double frozen, double measured, double activation) {}

    /** @param moved changes of all active features */
    void add(AttributionGraph graph, int source, double[] moved) {
        double[] influence = Influence.from(graph, source);
        double[] frozen = Influence.ablation(graph, source);
        int layer = graph.nodes().layer(source);
        for (int t = 0; t < moved.length; t++) {
            if (t != source && influence[t] != 0) {
                pairs.add(new Pair(
                        graph.nodes().layer(t) - layer,
                        influence[t],
                        frozen[t],
                        moved[t],
                        graph.nodes().value(t)));
            }
        }
    }

    /** Against |change| / activation. */
    OptionalDouble spearman(Side side) {
        return Correlation.spearman(
                pairs.stream()
                        .mapToDouble(
                                p -> side == Side.INFLUENCE ? p.influence() : Math.abs(p.frozen()) / p.activation())
                        .toArray(),
                pairs.stream()
                        .mapToDouble(p -> Math.abs(p.measured()) / p.activation())
                        .toArray());
    }

    /** Cosine of predicted (frozen) and measured changes, by layers between. */
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
