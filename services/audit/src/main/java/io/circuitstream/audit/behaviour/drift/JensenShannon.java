package io.circuitstream.audit.behaviour.drift;

/**
 * Jensen–Shannon divergence of two distributions given as counts, in bits: ½ Σ p log₂(p/m) + ½ Σ q log₂(q/m) with m = (p + q)/2. 0 when
 * they are equal, 1 when nothing occurs in both. Symmetric to the bit; StrictMath, so that it is the same on every machine.
 */
final class JensenShannon {
    private static final double LN2 = StrictMath.log(2);

    private JensenShannon() {}

    /** @throws IllegalArgumentException when one of them has no counts: it is no distribution */
    static double bits(int[] a, int[] b) {
        long sumA = 0;
        long sumB = 0;
        for (int i = 0; i < a.length; i++) {
            sumA += a[i];
            sumB += b[i];
        }
        if (sumA == 0 || sumB == 0) {
            throw new IllegalArgumentException("a distribution without counts");
        }
        double fromA = 0;
        double fromB = 0;
        for (int i = 0; i < a.length; i++) {
            double inA = (double) a[i] * sumB;
            double inB = (double) b[i] * sumA;
            fromA += term(a[i], inA, inA + inB);
            fromB += term(b[i], inB, inA + inB);
        }
        return Math.max(0, Math.min(1, (fromA / sumA + fromB / sumB) / 2));
    }

    /** count · log₂(p/m): counts are divided by their sum at the end, so that disjoint distributions are exactly 1 apart. */
    private static double term(int count, double part, double whole) {
        return count == 0 ? 0 : count * (StrictMath.log(2 * part / whole) / LN2);
    }
}
