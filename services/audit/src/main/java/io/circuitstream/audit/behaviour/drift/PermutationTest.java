package io.circuitstream.audit.behaviour.drift;

import java.util.Arrays;
import java.util.Random;

/**
 * The divergence of two samples against the null that their units are exchangeable.
 *
 * @param pValue (1 + permutations with at least this divergence) / (1 + permutations)
 * @param quantile95 of the divergences under the null
 */
record PermutationTest(double divergence, double pValue, double quantile95) {
    private static final double QUANTILE = .95;

    /**
     * Exchanges whole units between the first {@code first} and the others.
     *
     * @param units the items of each, from 0 to {@code items} exclusive; none is empty
     */
    static PermutationTest of(int[][] units, int first, int items, int permutations, long seed) {
        int[] total = counts(units, units.length, items);
        double observed = divergence(units, first, total);
        int[][] shuffled = units.clone();
        Random random = new Random(seed);
        // Only the smaller side has to be drawn: the others are what is left.
        int draw = Math.min(first, units.length - first);
        double[] chance = new double[permutations];
        int atLeast = 0;
        for (int b = 0; b < permutations; b++) {
            for (int i = 0; i < draw; i++) {
                int j = i + random.nextInt(shuffled.length - i);
                int[] swap = shuffled[i];
                shuffled[i] = shuffled[j];
                shuffled[j] = swap;
            }
            chance[b] = divergence(shuffled, draw, total);
            atLeast += chance[b] >= observed ? 1 : 0;
        }
        Arrays.sort(chance);
        return new PermutationTest(
                observed, (1. + atLeast) / (1. + permutations), chance[(int) Math.ceil(QUANTILE * permutations) - 1]);
    }

    private static double divergence(int[][] units, int first, int[] total) {
        int[] a = counts(units, first, total.length);
        int[] b = new int[total.length];
        for (int i = 0; i < b.length; i++) {
            b[i] = total[i] - a[i];
        }
        return JensenShannon.bits(a, b);
    }

    private static int[] counts(int[][] units, int until, int items) {
        int[] counts = new int[items];
        for (int u = 0; u < until; u++) {
            for (int item : units[u]) {
                counts[item]++;
            }
        }
        return counts;
    }
}
