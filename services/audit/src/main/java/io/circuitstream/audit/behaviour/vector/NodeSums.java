package io.circuitstream.audit.behaviour.vector;

import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.NodeKind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Influence of a circuit's nodes by kind, position and depth. */
final class NodeSums {
    private final int layers;
    private final Map<NodeKind, Integer> count = new EnumMap<>(NodeKind.class);
    private final Map<NodeKind, Double> influence = new EnumMap<>(NodeKind.class);
    private final Map<Long, Double> features = new TreeMap<>();
    private final Map<Integer, Double> positions = new TreeMap<>();
    private final Map<NodeKind, double[]> depths = new EnumMap<>(NodeKind.class);
    private double absoluteEffect;
    private double negativeEffect;
    private double depth;
    private double squaredDepth;

    NodeSums(int layers, List<CircuitNode> nodes) {
        this.layers = layers;
        nodes.forEach(this::add);
    }

    private void add(CircuitNode node) {
        NodeKind kind = node.getKind();
        double value = node.getInfluence();
        count.merge(kind, 1, Integer::sum);
        influence.merge(kind, value, Double::sum);
        if (kind == NodeKind.FEATURE || kind == NodeKind.ERROR) {
            positions.merge(node.getPosition(), value, Double::sum);
            depths.computeIfAbsent(kind, k -> new double[VectorLayout.DEPTHS])[bin(node.getLayer())] += value;
        }
        if (kind == NodeKind.FEATURE) {
            features.merge(((long) node.getLayer() << Integer.SIZE) | node.getFeature(), value, Double::sum);
            absoluteEffect += Math.abs(node.getEffect());
            negativeEffect += Math.max(0, -node.getEffect());
            double relative = layers > 1 ? (double) node.getLayer() / (layers - 1) : 0;
            depth += value * relative;
            squaredDepth += value * relative * relative;
        }
    }

    private int bin(int layer) {
        return Math.max(0, Math.min(VectorLayout.DEPTHS - 1, VectorLayout.DEPTHS * layer / Math.max(1, layers)));
    }

    int count(NodeKind kind) {
        return count.getOrDefault(kind, 0);
    }

    double influence(NodeKind kind) {
        return influence.getOrDefault(kind, 0.);
    }

    /** Of features, errors and tokens; what logits have is not theirs. */
    double allInfluence() {
        return influence(NodeKind.FEATURE) + influence(NodeKind.ERROR) + influence(NodeKind.TOKEN);
    }

    Concentration overFeatures() {
        return Concentration.of(features.values());
    }

    Concentration overPositions() {
        return Concentration.of(positions.values());
    }

    double positionShare(int position) {
        return positions.getOrDefault(position, 0.) / (influence(NodeKind.FEATURE) + influence(NodeKind.ERROR));
    }

    double negativeEffect() {
        return negativeEffect / absoluteEffect;
    }

    double meanDepth() {
        return depth / influence(NodeKind.FEATURE);
    }

    double depthDeviation() {
        double mean = meanDepth();
        return Math.sqrt(Math.max(0, squaredDepth / influence(NodeKind.FEATURE) - mean * mean));
    }

    double[] depths(NodeKind kind) {
        return depths.getOrDefault(kind, new double[VectorLayout.DEPTHS]);
    }
}
