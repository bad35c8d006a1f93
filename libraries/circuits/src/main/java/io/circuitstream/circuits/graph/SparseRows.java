package io.circuitstream.circuits.graph;

import java.util.Arrays;

/**
 * The non-zero rows of the adjacency, compressed: R rows with E stored entries. Rows ascend by node, entries of a row by
 * column. Struct of arrays, shared with the event's columns; nobody writes to them.
 *
 * @param rowNode [R] node that the row belongs to (target of the edges)
 * @param rowPtr [R+1] where each row begins
 * @param col [E] source node
 * @param val [E] direct effect on the target's pre-activation
 * @param absSum [R] exact Σ|A|, dropped entries included
 * @param bias [R] what reaches the target from no node
 * @param value [R] the target's pre-activation; of a logit, the demeaned logit
 */
public record SparseRows(
        int[] rowNode, long[] rowPtr, int[] col, float[] val, float[] absSum, float[] bias, float[] value) {

    public int count() {
        return rowNode.length;
    }

    public int begin(int row) {
        return Math.toIntExact(rowPtr[row]);
    }

    public int end(int row) {
        return Math.toIntExact(rowPtr[row + 1]);
    }

    /** The row of a node, or a negative number when it has none. */
    public int rowOf(int node) {
        return Arrays.binarySearch(rowNode, node);
    }

    /** A[target, source]; 0 where nothing is stored. */
    public float get(int target, int source) {
        int row = rowOf(target);
        if (row < 0) {
            return 0;
        }
        int at = Arrays.binarySearch(col, begin(row), end(row), source);
        return at < 0 ? 0 : val[at];
    }

    /** |A| as a share of the row's exact sum. */
    public double share(int row, int entry) {
        return Math.abs(val[entry]) / Math.max(absSum[row], 1e-10);
    }
}
