package io.circuitstream.circuits.attribution;

import io.circuitstream.circuits.graph.SparseRows;
import java.util.Arrays;

/** Collects rows in any order, different ones from different threads too, and yields them compressed in node order. */
final class RowStore {
    private final int[] rowNode;
    private final int[][] columns;
    private final float[][] values;
    private final float[] absSum;
    private final float[] bias;
    private final float[] value;
    private final double rowDrop;
    private final double[] errors;

    /** Room for the rows of these nodes, ascending. */
    RowStore(int[] rowNode, double rowDrop) {
        int n = rowNode.length;
        this.rowNode = rowNode;
        this.rowDrop = rowDrop;
        this.columns = new int[n][];
        this.values = new float[n][];
        this.absSum = new float[n];
        this.bias = new float[n];
        this.value = new float[n];
        this.errors = new double[n];
    }

    /**
     * Stores one dense row [N].
     *
     * @param streamBias what reaches the target of biases through the stream
     * @param ownBias its own; apart, because the two may cancel and the error is relative to what was added up
     * @param preActivation the target's
     */
    void put(int row, double[] effects, double streamBias, double ownBias, double preActivation) {
        float[] sizes = new float[effects.length];
        int n = 0;
        double sum = 0;
        double signed = 0;
        for (double v : effects) {
            if (v != 0) {
                sizes[n++] = (float) Math.abs(v);
                sum += Math.abs(v);
                signed += v;
            }
        }
        float cut = cut(Arrays.copyOf(sizes, n), rowDrop * sum);
        int[] column = new int[n];
        float[] stored = new float[n];
        int kept = 0;
        for (int s = 0; s < effects.length; s++) {
            float v = (float) effects[s];
            if (v != 0 && Math.abs(v) > cut) {
                column[kept] = s;
                stored[kept++] = v;
            }
        }
        columns[row] = Arrays.copyOf(column, kept);
        values[row] = Arrays.copyOf(stored, kept);
        absSum[row] = (float) sum;
        bias[row] = (float) (streamBias + ownBias);
        value[row] = (float) preActivation;
        double mass = Math.abs(streamBias) + Math.abs(ownBias) + sum;
        double error = Math.abs(signed + streamBias + ownBias - preActivation) / Math.max(mass, 1e-30);
        errors[row] = error;
    }

    /**
     * The largest size so that all entries up to it sum to at most the budget; 0 to keep everything. By partitions, as a
     * quickselect: only the part in which the border lies is looked at again. Changes the order of the sizes.
     */
    static float cut(float[] sizes, double budget) {
        int from = 0;
        int to = sizes.length;
        double spent = 0;
        float cut = 0;
        while (from < to) {
            float pivot = middle(sizes[from], sizes[(from + to) >>> 1], sizes[to - 1]);
            int less = from;
            int greater = to;
            for (int i = from; i < greater; ) {
                if (sizes[i] < pivot) {
                    swap(sizes, i++, less++);
                } else if (sizes[i] > pivot) {
                    swap(sizes, i, --greater);
                } else {
                    i++;
                }
            }
            double below = 0;
            for (int i = from; i < less; i++) {
                below += sizes[i];
            }
            double upTo = below + (double) pivot * (greater - less);
            if (spent + below > budget) {
                to = less;
            } else if (spent + upTo > budget) {
                // All that is smaller can go, and nothing of the pivot's size.
                return less > from ? largest(sizes, from, less) : cut;
            } else {
                spent += upTo;
                cut = pivot;
                from = greater;
            }
        }
        return cut;
    }

    private static float middle(float a, float b, float c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    private static float largest(float[] sizes, int from, int to) {
        float largest = sizes[from];
        for (int i = from + 1; i < to; i++) {
            largest = Math.max(largest, sizes[i]);
        }
        return largest;
    }

    private static void swap(float[] sizes, int i, int j) {
        float size = sizes[i];
        sizes[i] = sizes[j];
        sizes[j] = size;
    }

    SparseRows build() {
        long[] rowPtr = new long[rowNode.length + 1];
        for (int r = 0; r < rowNode.length; r++) {
            rowPtr[r + 1] = rowPtr[r] + columns[r].length;
        }
        int edges = Math.toIntExact(rowPtr[rowNode.length]);
        int[] col = new int[edges];
        float[] val = new float[edges];
        for (int r = 0; r < rowNode.length; r++) {
            System.arraycopy(columns[r], 0, col, (int) rowPtr[r], columns[r].length);
            System.arraycopy(values[r], 0, val, (int) rowPtr[r], values[r].length);
        }
        return new SparseRows(rowNode, rowPtr, col, val, absSum, bias, value);
    }

    /** The worst row's. */
    double conservationError() {
        return Arrays.stream(errors).max().orElse(0);
    }
}
