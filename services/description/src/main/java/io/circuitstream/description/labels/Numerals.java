package io.circuitstream.description.labels;

import io.circuitstream.circuits.model.Tokens;
import java.util.Arrays;

/** Which tokens are numbers, plus and equals signs, and the additions that they make. Immutable. */
public final class Numerals {
    private static final int NO_DIGITS = -1;
    private static final int PLUS = -2;
    private static final int EQUALS = -3;
    private static final int MOST_DIGITS = 6;

    private final int[] meaning;
    private final int[] digits;

    /**
     * @param meaning [V]: value of a number, or one of the constants
     * @param digits [V]: how many digits the number has
     */
    private Numerals(int[] meaning, int[] digits) {
        this.meaning = meaning;
        this.digits = digits;
    }

    public static Numerals of(Tokens tokens, int vocabulary) {
        int[] meaning = new int[vocabulary];
        int[] digits = new int[vocabulary];
        for (int id = 0; id < vocabulary; id++) {
            String text = tokens.token(id).strip();
            if (!text.isEmpty() && text.length() <= MOST_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                meaning[id] = Integer.parseInt(text);
                digits[id] = text.length();
            } else {
                meaning[id] = text.equals("+") ? PLUS : text.equals("=") ? EQUALS : NO_DIGITS;
            }
        }
        return new Numerals(meaning, digits);
    }

    /**
     * An addition.
     *
     * @param known index of the token from which on both addends are read
     */
    record Addition(int first, int second, int known) {}

    /** The additions of a text, in its order: number, plus, number, equals. */
    Addition[] additions(int[] tokens) {
        Addition[] found = new Addition[0];
        for (int i = 0; i < tokens.length; i++) {
            if (meaning(tokens[i]) == EQUALS) {
                int plus = runStart(tokens, i) - 1;
                int first = plus < 0 ? -1 : runStart(tokens, plus);
                if (plus >= 0 && meaning(tokens[plus]) == PLUS && plus < i - 1 && first < plus) {
                    found = Arrays.copyOf(found, found.length + 1);
                    found[found.length - 1] =
                            new Addition(value(tokens, first, plus), value(tokens, plus + 1, i), i - 1);
                }
            }
        }
        return found;
    }

    /** Where the run of numbers that ends before {@code end} begins; {@code end} when there is none. */
    private int runStart(int[] tokens, int end) {
        int start = end;
        int length = 0;
        while (start > 0 && meaning(tokens[start - 1]) >= 0) {
            length += digits[tokens[start - 1]];
            if (length > MOST_DIGITS) {
                return end;
            }
            start--;
        }
        return start;
    }

    private int value(int[] tokens, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            for (int d = 0; d < digits[tokens[i]]; d++) {
                value *= 10;
            }
            value += meaning[tokens[i]];
        }
        return value;
    }

    private int meaning(int token) {
        return token < meaning.length ? meaning[token] : NO_DIGITS;
    }
}
