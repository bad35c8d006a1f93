package io.circuitstream.circuits.attribution;

/** A histogram of scores and what they cost, fine enough to leave out the least of many without sorting them. Thread-confined. */
final class ScoreHistogram {
    /** Buckets are floats by their leading bits: 4,096 for each doubling. */
    private static final int SHIFT = 11;

    private final long[] costs = new long[(Float.floatToIntBits(Float.POSITIVE_INFINITY) >>> SHIFT) + 1];

    /** @param score not negative */
    void add(float score, int cost) {
        costs[Float.floatToIntBits(score) >>> SHIFT] += cost;
    }

    /** The lowest border of a bucket at or above which the scores cost at most {@code limit}; 0 if all do. */
    float cut(long limit) {
        long above = 0;
        for (int b = costs.length - 1; b >= 0; b--) {
            above += costs[b];
            if (above > limit) {
                return Float.intBitsToFloat((b + 1) << SHIFT);
            }
        }
        return 0;
    }
}
