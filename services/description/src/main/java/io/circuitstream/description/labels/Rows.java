package io.circuitstream.description.labels;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Tokens as conditions see them, one row each: struct of arrays. Grows; not thread-safe.
 *
 * <p>{@code heldOut} rows are for scoring, the others for finding.
 */
final class Rows {
    private final Map<View, int[]> values = new EnumMap<>(View.class);
    private int[][] earlier = new int[64][];
    private boolean[] heldOut = new boolean[64];
    private int size;

    Rows() {
        for (View view : View.values()) {
            values.put(view, new int[64]);
        }
    }

    private int[] column(View view) {
        return Objects.requireNonNull(values.get(view));
    }

    private void grow() {
        if (size == earlier.length) {
            values.replaceAll((view, column) -> Arrays.copyOf(column, 2 * size));
            earlier = Arrays.copyOf(earlier, 2 * size);
            heldOut = Arrays.copyOf(heldOut, 2 * size);
        }
    }

    /**
     * Adds the rows of a text's tokens from index {@code from} on that are wanted (null: all).
     *
     * @param start position of the first token
     * @param next the token after the last one, −1 when unknown
     */
    void add(int[] tokens, int start, int from, int next, boolean[] wanted, boolean held, Numerals numerals) {
        Numerals.Addition[] additions = numerals.additions(tokens);
        int[] before = new int[0];
        int sum = -1;
        for (int i = 0; i < tokens.length; i++) {
            while (sum + 1 < additions.length && additions[sum + 1].known() <= i) {
                sum++;
            }
            if (i >= from && wanted[i]) {
                grow();
                for (int[] column : values.values()) {
                    column[size] = View.NONE;
                }
                tokens(tokens, i, next);
                set(View.FIRST, start == 0 && from < tokens.length ? tokens[from] : View.NONE);
                set(View.POSITION, start + i);
                if (sum >= 0) {
                    digits(additions[sum]);
                }
                earlier[size] = before;
                heldOut[size] = held;
                size++;
            }
            if (i >= from) {
                before = with(before, tokens[i]);
            }
        }
    }

    private void tokens(int[] tokens, int i, int next) {
        set(View.TOKEN, tokens[i]);
        set(View.PREVIOUS, i > 0 ? tokens[i - 1] : View.NONE);
        set(View.SECOND_PREVIOUS, i > 1 ? tokens[i - 2] : View.NONE);
        set(View.NEXT, i + 1 < tokens.length ? tokens[i + 1] : next);
    }

    private void digits(Numerals.Addition addition) {
        int a = addition.first();
        int b = addition.second();
        set(View.FIRST_ADDEND_ONES, a % 10);
        set(View.FIRST_ADDEND_TENS, a / 10 % 10);
        set(View.SECOND_ADDEND_ONES, b % 10);
        set(View.SECOND_ADDEND_TENS, b / 10 % 10);
        set(View.SUM_ONES, (a + b) % 10);
        set(View.SUM_TENS, (a + b) / 10 % 10);
        set(View.SUM_HUNDREDS, (a + b) / 100 % 10);
        set(View.CARRY, a % 10 + b % 10 >= 10 ? 1 : 0);
    }

    private void set(View view, int value) {
        column(view)[size] = value;
    }

    /** The set with one more, ascending; the same array when it is there already. */
    private static int[] with(int[] set, int value) {
        int at = Arrays.binarySearch(set, value);
        if (at >= 0) {
            return set;
        }
        int[] larger = new int[set.length + 1];
        int insert = -at - 1;
        System.arraycopy(set, 0, larger, 0, insert);
        larger[insert] = value;
        System.arraycopy(set, insert, larger, insert + 1, set.length - insert);
        return larger;
    }

    int size() {
        return size;
    }

    boolean isHeldOut(int row) {
        return heldOut[row];
    }

    int value(View view, int row) {
        return column(view)[row];
    }

    /** Different tokens before, ascending. */
    int[] earlier(int row) {
        return earlier[row];
    }

    /** Rows that are, or are not, held out, without those marked. */
    int[] rows(boolean held, boolean[] without) {
        int[] rows = new int[size];
        int n = 0;
        for (int i = 0; i < size; i++) {
            if (heldOut[i] == held && !without[i]) {
                rows[n++] = i;
            }
        }
        return Arrays.copyOf(rows, n);
    }
}
