package io.circuitstream.description.labels;

import java.util.Arrays;

/** Counts of values among active and inactive rows. Grows with the largest value and is used again; not thread-safe. */
final class Tally {
    private int[][] counts = new int[2][1024];
    private int[] touched = new int[1024];
    private int size;

    void clear() {
        for (int i = 0; i < size; i++) {
            counts[0][touched[i]] = 0;
            counts[1][touched[i]] = 0;
        }
        size = 0;
    }

    /** Adds the values of a view in the given rows, those before a token each for EARLIER. */
    void add(View view, Rows rows, int[] of, boolean active) {
        int side = active ? 0 : 1;
        for (int row : of) {
            if (view.isSet()) {
                for (int token : rows.earlier(row)) {
                    add(token, side);
                }
            } else if (rows.value(view, row) != View.NONE) {
                add(rows.value(view, row), side);
            }
        }
    }

    private void add(int value, int side) {
        if (value >= counts[0].length) {
            int larger = Math.max(value + 1, 2 * counts[0].length);
            counts = new int[][] {Arrays.copyOf(counts[0], larger), Arrays.copyOf(counts[1], larger)};
        }
        if (counts[0][value] == 0 && counts[1][value] == 0) {
            if (size == touched.length) {
                touched = Arrays.copyOf(touched, 2 * size);
            }
            touched[size++] = value;
        }
        counts[side][value]++;
    }

    /** Number of different values. */
    int size() {
        return size;
    }

    int value(int i) {
        return touched[i];
    }

    int active(int i) {
        return counts[0][touched[i]];
    }

    int inactive(int i) {
        return counts[1][touched[i]];
    }
}
