package io.circuitstream.circuits.pruning;

import java.util.Arrays;

/** The cut of a cumulative threshold, and cumulative shares (circuits.md §4). */
public final class Thresholds {
    private Thresholds() {}

    /**
     * The score at which the descending cumulative share first reaches τ, clamped to the smallest score above 0; keep
     * what is ≥ it, ties included. At τ = 1 always the smallest score above 0, however small. Infinite when no score is
     * above 0. Sums are in double: where the share falls on a border to within their rounding, either side may be it.
     */
    public static double cut(double[] scores, double share) {
        return new CutSearch(block -> block.accept(scores, scores.length), share).cut();
    }

    /**
     * Cumulative share of the sum up to and including each score in descending order, ties by index: low is important.
     */
    public static double[] cumulativeShares(double[] scores) {
        int n = scores.length;
        double[] sorted = scores.clone();
        Arrays.sort(sorted);
        double[] sums = new double[n];
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += sorted[n - 1 - i];
            sums[i] = sum;
        }
        // Equal scores share the slots from that of their first one on, in the order of their indices.
        int[] taken = new int[n];
        double[] shares = new double[n];
        for (int i = 0; i < n; i++) {
            int first = larger(sorted, scores[i]);
            shares[i] = sum == 0 ? 1 : sums[first + taken[first]++] / sum;
        }
        return shares;
    }

    /** How many values of an ascending array are larger. */
    private static int larger(double[] ascending, double value) {
        int from = 0;
        int to = ascending.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (ascending[middle] > value) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return ascending.length - from;
    }
}
