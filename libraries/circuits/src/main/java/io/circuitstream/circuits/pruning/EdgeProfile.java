package io.circuitstream.circuits.pruning;

import io.circuitstream.circuits.graph.Nodes;
import java.util.HashMap;
import java.util.Map;

/**
 * What a feature reads and what it feeds in a circuit: the weights of its kept edges, added up over the positions of the other end, so
 * that features of different positions can be compared.
 */
final class EdgeProfile {
    private final Map<Long, Double> reads = new HashMap<>();
    private final Map<Long, Double> feeds = new HashMap<>();

    void reads(Nodes nodes, int source, float weight) {
        reads.merge(key(nodes, source), (double) weight, Double::sum);
    }

    void feeds(Nodes nodes, int target, float weight) {
        feeds.merge(key(nodes, target), (double) weight, Double::sum);
    }

    /** A feature, an error's layer, a token or a logit, wherever it is. */
    private static Long key(Nodes nodes, int node) {
        int kind = nodes.kind(node).code();
        return ((long) (nodes.layer(node) + 1) << 34) + ((long) kind << 32) + (nodes.feature(node) & 0xffff_ffffL);
    }

    /** Of profiles with one entry each way any two are alike or opposite: they say nothing. */
    boolean says() {
        return reads.size() + feeds.size() > 2;
    }

    /** The lesser of the cosines of what both read and of what both feed. */
    double similarity(EdgeProfile other) {
        return Math.min(cosine(reads, other.reads), cosine(feeds, other.feeds));
    }

    private static double cosine(Map<Long, Double> a, Map<Long, Double> b) {
        double dot = 0;
        for (Map.Entry<Long, Double> entry : a.entrySet()) {
            dot += entry.getValue() * b.getOrDefault(entry.getKey(), 0.);
        }
        double norms = Math.sqrt(squares(a) * squares(b));
        return norms == 0 ? 0 : dot / norms;
    }

    private static double squares(Map<Long, Double> vector) {
        double sum = 0;
        for (double value : vector.values()) {
            sum += value * value;
        }
        return sum;
    }
}
