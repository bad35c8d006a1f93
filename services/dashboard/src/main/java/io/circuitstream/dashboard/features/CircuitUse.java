package io.circuitstream.dashboard.features;

import io.circuitstream.dashboard.features.EdgeTable.Edge;
import io.circuitstream.dashboard.features.FeatureTable.Use;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.Columns;
import io.circuitstream.events.NodeKind;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What one circuit adds to the sums over all circuits. */
public record CircuitUse(Map<FeatureKey, Use> features, Map<Edge, Float> edges) {
    /** Of a circuit's edges the strongest count for what recurs: all of them of every circuit would fill disks. */
    private static final int MOST_EDGES = 300;

    public static CircuitUse of(Circuit circuit) {
        String scan = circuit.getProvenance().getScan();
        Map<FeatureKey, Use> features = new LinkedHashMap<>();
        Map<FeatureKey, Float> largest = new LinkedHashMap<>();
        for (CircuitNode node : circuit.getNodes()) {
            if (node.getKind() == NodeKind.FEATURE) {
                FeatureKey key = new FeatureKey(scan, node.getLayer(), node.getFeature());
                Use before = features.get(key);
                boolean larger = before == null || node.getInfluence() > largest.get(key);
                if (larger) {
                    largest.put(key, node.getInfluence());
                }
                features.put(
                        key,
                        new Use(
                                (before == null ? 0 : before.influence()) + node.getInfluence(),
                                larger ? node.getPosition() : before.position()));
            }
        }
        return new CircuitUse(features, edges(circuit));
    }

    /** The strongest of each pair of ends, position aside. Errors are no ends: every layer has one. */
    private static Map<Edge, Float> edges(Circuit circuit) {
        int[] target = Columns.ints(circuit.getEdgeTarget());
        int[] source = Columns.ints(circuit.getEdgeSource());
        float[] weight = Columns.floats(circuit.getEdgeWeight());
        List<CircuitNode> nodes = circuit.getNodes();
        double[] absSum = new double[nodes.size()];
        for (int e = 0; e < weight.length; e++) {
            absSum[target[e]] += Math.abs(weight[e]);
        }
        Map<Edge, Float> edges = new LinkedHashMap<>();
        IntStream.range(0, weight.length)
                .filter(e -> nodes.get(source[e]).getKind() != NodeKind.ERROR)
                .boxed()
                .sorted(Comparator.comparingDouble(e -> -strength(nodes.get(target[e]), weight[e], absSum[target[e]])))
                .limit(MOST_EDGES)
                .forEach(e -> edges.putIfAbsent(
                        new Edge(
                                circuit.getProvenance().getScan(),
                                end(circuit, nodes.get(source[e])),
                                end(circuit, nodes.get(target[e]))),
                        weight[e]));
        return edges;
    }

    /** Share of the target's input, times what the target matters. */
    private static double strength(CircuitNode target, float weight, double absSum) {
        double matters = target.getKind() == NodeKind.LOGIT ? target.getValue() : target.getInfluence();
        return Math.abs(weight) / Math.max(absSum, 1e-10) * matters;
    }

    private static EdgeTable.End end(Circuit circuit, CircuitNode node) {
        return switch (node.getKind()) {
            case FEATURE -> EdgeTable.End.feature(node.getLayer(), node.getFeature());
            case TOKEN -> EdgeTable.End.token(circuit.getTokens().get(node.getPosition()));
            default ->
                EdgeTable.End.logit(circuit.getTargets().stream()
                        .filter(logit -> logit.getTokenId() == node.getFeature())
                        .findFirst()
                        .map(logit -> logit.getToken())
                        .orElse("#" + node.getFeature()));
        };
    }
}
