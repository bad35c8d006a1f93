package io.circuitstream.circuits.attribution;

import java.util.Arrays;

/**
 * What one thread needs to compress rows, used again by the next row: nothing is allocated but what is kept.
 * Thread-confined.
 */
final class RowScratch {
    /** Buckets of sizes are floats by their leading bits: four for each doubling. */
    private static final int SHIFT = 21;

    private final double[] sums = new double[(Float.floatToIntBits(Float.POSITIVE_INFINITY) >>> SHIFT) + 1];
    private final float[] border;
    private final int[] columns;
    private final float[] values;
    private int kept;
    private double sum;
    private double signed;

    RowScratch(int nodes) {
        this.border = new float[nodes];
        this.columns = new int[nodes];
        this.values = new float[nodes];
    }

    /** Looks at a new row, [N]. */
    void begin(float[] effects) {
        Arrays.fill(sums, 0);
        sum = 0;
        signed = 0;
        kept = 0;
        for (float v : effects) {
            if (v != 0) {
                float size = Math.abs(v);
                sums[Float.floatToRawIntBits(size) >>> SHIFT] += size;
                sum += size;
                signed += v;
            }
        }
    }

    /** Σ|A|. */
    double sum() {
        return sum;
    }

    /** Σ A. */
    double signed() {
        return signed;
    }

    /**
     * A size such that all entries up to it sum to at most the budget, and the next larger one would not fit: by the buckets'
     * sums, then among the entries of the one in which the border lies.
     */
    float cut(float[] effects, double budget) {
        double spent = 0;
        int bucket = 0;
        while (bucket < sums.length && spent + sums[bucket] <= budget) {
            spent += sums[bucket++];
        }
        if (bucket == sums.length) {
            return Float.POSITIVE_INFINITY;
        }
        int count = 0;
        for (float v : effects) {
            float size = Math.abs(v);
            if (Float.floatToRawIntBits(size) >>> SHIFT == bucket && size != 0) {
                border[count++] = size;
            }
        }
        float within = RowCut.cut(border, count, budget - spent);
        return within > 0 || bucket == 0 ? within : Float.intBitsToFloat((bucket << SHIFT) - 1);
    }

    void keep(int column, float value) {
        columns[kept] = column;
        values[kept++] = value;
    }

    /** Of the entries that were kept, a copy. */
    int[] columns() {
        return Arrays.copyOf(columns, kept);
    }

    float[] values() {
        return Arrays.copyOf(values, kept);
    }
}
