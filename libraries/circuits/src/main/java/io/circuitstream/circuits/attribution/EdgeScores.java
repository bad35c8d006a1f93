package io.circuitstream.circuits.attribution;

/** A histogram of positive scores, fine enough to leave out the least of many without sorting them. Thread-confined. */
final class EdgeScores {
    /** Buckets are floats by their leading bits: 4,096 for each doubling. */
    private static final int SHIFT = 11;

    private final long[] counts = new long[(Float.floatToIntBits(Float.POSITIVE_INFINITY) >>> SHIFT) + 1];

    void add(float score) {
        counts[Float.floatToIntBits(score) >>> SHIFT]++;
    }

    /** The smallest bucket's border such that at most {@code limit} scores are at or above it; 0 if all are within. */
    float cut(long limit) {
        long above = 0;
        for (int b = counts.length - 1; b >= 0; b--) {
            above += counts[b];
            if (above > limit) {
                return Float.intBitsToFloat((b + 1) << SHIFT);
            }
        }
        return 0;
    }
}
