package io.circuitstream.description.labels;

import java.util.Arrays;

/**
 * That a view has one of some values; for EARLIER that one of them came before.
 *
 * @param values ascending
 */
record Condition(View view, int[] values) {

    boolean holds(Rows rows, int row) {
        if (!view.isSet()) {
            return Arrays.binarySearch(values, rows.value(view, row)) >= 0;
        }
        int[] earlier = rows.earlier(row);
        for (int value : values) {
            if (Arrays.binarySearch(earlier, value) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Those of the rows for which it holds. */
    int[] filter(Rows rows, int[] of) {
        return Arrays.stream(of).filter(row -> holds(rows, row)).toArray();
    }
}
