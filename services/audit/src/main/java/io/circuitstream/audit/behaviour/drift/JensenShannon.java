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
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            if (a[i] != 0 || b[i] != 0) {
                double p = (double) a[i] / sumA;
                double q = (double) b[i] / sumB;
                double twice = p + q;
                sum += term(p, twice) + term(q, twice);
            }
        }
        return Math.max(0, Math.min(1, sum / 2));
    }

    /** p log₂(p/m) with m = twice / 2. */
    private static double term(double p, double twice) {
        return p == 0 ? 0 : p * StrictMath.log(2 * p / twice) / LN2;
    }
}
