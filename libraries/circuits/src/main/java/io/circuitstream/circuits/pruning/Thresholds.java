package io.circuitstream.circuits.pruning;

import java.util.Arrays;

/** The cut of a cumulative threshold (circuits.md §4). */
public final class Thresholds {
    private Thresholds() {}

    /**
     * The score at which the descending cumulative share first reaches τ, clamped to the smallest score above 0; keep
     * what is ≥ it, ties included. Infinite when no score is above 0.
     */
    public static double cut(double[] scores, double share) {
        double[] sorted = Arrays.stream(scores).filter(s -> s > 0).sorted().toArray();
        if (sorted.length == 0) {
            return Double.POSITIVE_INFINITY;
        }
        double total = 0;
        for (int i = sorted.length - 1; i >= 0; i--) {
            total += sorted[i];
        }
        double sum = 0;
        for (int i = sorted.length - 1; i >= 0; i--) {
            sum += sorted[i];
            if (sum / total >= share) {
                return sorted[i];
            }
        }
        return sorted[0];
    }

    /**
     * Cumulative share of the sum up to and including each score in descending order, ties by index: low is important.
     */
    public static double[] cumulativeShares(double[] scores) {
        int[] order = java.util.stream.IntStream.range(0, scores.length)
                .boxed()
                .sorted((a, b) -> scores[a] == scores[b] ? a - b : Double.compare(scores[b], scores[a]))
                .mapToInt(Integer::intValue)
                .toArray();
        double total = 0;
        for (int i : order) {
            total += scores[i];
        }
        double[] shares = new double[scores.length];
        double sum = 0;
        for (int i : order) {
            sum += scores[i];
            shares[i] = total == 0 ? 1 : sum / total;
        }
        return shares;
    }
}
