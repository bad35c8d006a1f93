package io.circuitstream.audit.behaviour.digest;

import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.Columns;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.Status;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Makes digests of circuits. */
public final class CircuitDigests {
    private final List<CircuitNode> nodes;
    private final long[] codes;
    private final Map<Long, Double> influence = new HashMap<>();
    private final Map<Edge, Double> weights = new HashMap<>();
    private final Map<Long, Double> into = new HashMap<>();

    private CircuitDigests(Circuit circuit) {
        nodes = circuit.getNodes();
        codes = nodes.stream()
                .mapToLong(n -> NodeCode.of(n.getKind(), n.getLayer(), n.getFeature()))
                .toArray();
        for (int n = 0; n < codes.length; n++) {
            influence.merge(codes[n], (double) nodes.get(n).getInfluence(), Double::sum);
        }
        int[] source = Columns.ints(circuit.getEdgeSource());
        int[] target = Columns.ints(circuit.getEdgeTarget());
        float[] weight = Columns.floats(circuit.getEdgeWeight());
        if (source.length != target.length || source.length != weight.length) {
            throw new IllegalArgumentException("edge columns of " + source.length + ", " + target.length + " and "
                    + weight.length + " values: they must be as many");
        }
        for (int e = 0; e < source.length; e++) {
            double absolute = Math.abs(weight[e]);
            weights.merge(new Edge(codes[source[e]], codes[target[e]]), absolute, Double::sum);
            into.merge(codes[target[e]], absolute, Double::sum);
        }
    }

    /** The digest of a circuit. @throws RuntimeException when the event contradicts itself or has numbers that are not finite */
    public static CircuitDigest of(Circuit circuit) {
        if (circuit.getStatus() != Status.OK) {
            return CircuitDigest.FAILED;
        }
        double completeness = circuit.getCompletenessScore();
        double replacement = circuit.getReplacementScore();
        if (!Double.isFinite(completeness) || !Double.isFinite(replacement)) {
            throw new IllegalArgumentException("scores " + completeness + ", " + replacement + " are not finite");
        }
        return new CircuitDigests(circuit).digest(completeness, replacement);
    }

    private CircuitDigest digest(double completeness, double replacement) {
        List<Long> all = influence.keySet().stream()
                .filter(code -> NodeCode.kind(code) == NodeKind.FEATURE)
                .toList();
        List<Long> features = strongest(all.stream(), influence::get, CircuitDigest.MOST_FEATURES);
        List<Edge> edges = strongest(weights.keySet().stream(), this::strength, CircuitDigest.MOST_EDGES);
        return new CircuitDigest(
                false,
                completeness,
                replacement,
                features.stream().mapToLong(Long::longValue).toArray(),
                features.stream().mapToLong(f -> Units.of(influence.get(f))).toArray(),
                edges,
                edges.stream().mapToLong(e -> Units.of(share(e))).toArray(),
                all.size() - features.size(),
                weights.size() - edges.size());
    }

    /** Each strength is worked out once, not at every comparison. */
    private static <K extends Comparable<K>> List<K> strongest(Stream<K> keys, ToDoubleFunction<K> by, int most) {
        Comparator<Ranked<K>> weakest = Comparator.comparingDouble(Ranked::strength);
        return keys.map(key -> new Ranked<>(key, by.applyAsDouble(key)))
                .sorted(weakest.reversed().thenComparing(Ranked::key))
                .limit(most)
                .map(Ranked::key)
                .sorted()
                .toList();
    }

    private record Ranked<K extends Comparable<K>>(K key, double strength) {}

    private double share(Edge edge) {
        double sum = into.get(edge.target());
        return sum == 0 ? 0 : weights.get(edge) / sum;
    }

    /** The logits' own influence is 0 by definition, what flows into them is not. */
    private double strength(Edge edge) {
        double target = NodeCode.kind(edge.target()) == NodeKind.LOGIT ? 1 : influence.get(edge.target());
        return share(edge) * target;
    }
}
