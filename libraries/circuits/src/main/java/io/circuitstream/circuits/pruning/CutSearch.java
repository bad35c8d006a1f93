package io.circuitstream.circuits.pruning;

import java.util.Arrays;

/**
 * {@link Thresholds#cut} of scores that are nowhere stored. The bits of doubles above 0 are ordered as they are, so a first
 * walk sums the scores by their top bits; only the bucket in which the cumulative share is reached is looked at again. In
 * the second walk its scores, usually some percent, are gathered and sorted; when they are too many, as ties are, they are
 * summed by their next bits instead. At most five walks, and 1 MB at most, however many scores there are. Single use.
 */
final class CutSearch {
    /** Below the top 15 bits after the sign, which is 0: the exponent and a sixteenth of an octave. */
    private static final int FIRST_SHIFT = 48;

    private static final int FIRST_BUCKETS = 1 << 15;
    private static final int NEXT_BITS = 12;
    /** So few are gathered and sorted; more are split into buckets again. */
    static final int SORTED = 1 << 15;

    /** Scores that can be walked again and again; of those that are not above 0 nothing is kept. */
    interface Scores {
        void walk(Block block);
    }

    /** Takes the next n scores. */
    interface Block {
        void accept(double[] scores, int n);
    }

    private final Scores scores;
    private final double share;
    private final double[] sum = new double[FIRST_BUCKETS];
    private final int[] count = new int[FIRST_BUCKETS];
    private double total;
    private double above;

    CutSearch(Scores scores, double share) {
        this.scores = scores;
        this.share = share;
    }

    /** Infinite when no score is above 0. */
    double cut() {
        split(0, FIRST_SHIFT, FIRST_BUCKETS);
        for (int b = FIRST_BUCKETS - 1; b >= 0; b--) {
            // Most are empty, and each addition waits for the one before.
            if (count[b] > 0) {
                total += sum[b];
            }
        }
        int bucket = border();
        if (bucket < 0) {
            return Double.POSITIVE_INFINITY;
        }
        int shift = FIRST_SHIFT;
        long lowest = (long) bucket << shift;
        while (shift > 0 && count[bucket] > SORTED) {
            shift -= NEXT_BITS;
            split(lowest, shift, 1 << NEXT_BITS);
            bucket = border();
            lowest |= (long) bucket << shift;
        }
        return shift == 0 ? Double.longBitsToDouble(lowest) : within(gathered(lowest, shift, count[bucket]));
    }

    /** Sums and counts of the scores from the lowest on, by the bits from shift on. */
    private void split(long lowest, int shift, int buckets) {
        Arrays.fill(sum, 0);
        Arrays.fill(count, 0);
        scores.walk((block, n) -> {
            for (int i = 0; i < n; i++) {
                double score = block[i];
                long bucket = (Double.doubleToRawLongBits(score) - lowest) >>> shift;
                if (score > 0 && bucket >= 0 && bucket < buckets) {
                    sum[(int) bucket] += score;
                    count[(int) bucket]++;
                }
            }
        });
    }

    /** The bucket in which the share is reached, else the lowest that holds anything; moves what is above it. */
    private int border() {
        int last = -1;
        double beforeLast = above;
        for (int b = count.length - 1; b >= 0; b--) {
            if (count[b] > 0) {
                last = b;
                beforeLast = above;
                above += sum[b];
                if (reached(above)) {
                    break;
                }
            }
        }
        above = beforeLast;
        return last;
    }

    private boolean reached(double cumulative) {
        return share < 1 && cumulative / total >= share;
    }

    private double[] gathered(long lowest, int shift, int size) {
        double[] found = new double[size];
        int[] at = new int[1];
        scores.walk((block, n) -> {
            for (int i = 0; i < n; i++) {
                double score = block[i];
                if (score > 0 && (Double.doubleToRawLongBits(score) - lowest) >>> shift == 0) {
                    found[at[0]++] = score;
                }
            }
        });
        return found;
    }

    private double within(double[] border) {
        Arrays.sort(border);
        for (int i = border.length - 1; i > 0; i--) {
            above += border[i];
            if (reached(above)) {
                return border[i];
            }
        }
        return border[0];
    }
}
