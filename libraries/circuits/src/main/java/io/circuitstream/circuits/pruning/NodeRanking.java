package io.circuitstream.circuits.pruning;

import java.util.Arrays;

/**
 * The circuits that one ranking of features and errors allows, each with all nodes of the one before: circuit j keeps the
 * nodes whose score is at least {@code cut[j]}. Equal scores come together; a node that scores 0 is in none.
 *
 * @param score [F + L·T]
 * @param cut descending; the first, infinite, keeps no feature and no error
 * @param size how many features and errors circuit j begins with, before anything dangles
 */
record NodeRanking(double[] score, double[] cut, int[] size) {

    static NodeRanking of(double[] score) {
        double[] sorted = Arrays.stream(score).filter(s -> s > 0).sorted().toArray();
        int n = sorted.length;
        double[] cut = new double[n + 1];
        int[] size = new int[n + 1];
        cut[0] = Double.POSITIVE_INFINITY;
        int circuits = 0;
        for (int i = n - 1; i >= 0; i--) {
            if (i == 0 || sorted[i - 1] != sorted[i]) {
                circuits++;
                cut[circuits] = sorted[i];
                size[circuits] = n - i;
            }
        }
        return new NodeRanking(score, Arrays.copyOf(cut, circuits + 1), Arrays.copyOf(size, circuits + 1));
    }

    /** Of the circuit with everything that scores. */
    int last() {
        return cut.length - 1;
    }

    /** The largest circuit that begins with at most so many features and errors. */
    int within(int nodes) {
        int at = Arrays.binarySearch(size, nodes);
        return at >= 0 ? at : -at - 2;
    }

    /** [N], with tokens and logits. */
    boolean[] kept(int circuit, int count) {
        boolean[] kept = new boolean[count];
        for (int i = 0; i < count; i++) {
            kept[i] = i >= score.length || score[i] >= cut[circuit];
        }
        return kept;
    }
}
