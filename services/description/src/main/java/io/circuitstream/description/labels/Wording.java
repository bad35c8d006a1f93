package io.circuitstream.description.labels;

import io.circuitstream.circuits.model.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Rules as people read them. */
final class Wording {
    private static final int MOST_TOKENS = 6;

    private final Tokens tokens;

    Wording(Tokens tokens) {
        this.tokens = tokens;
    }

    /** @param says whether NEXT is worded as an output */
    String of(Rule rule, boolean says) {
        return rule.conditions().stream().map(c -> of(c, says)).collect(Collectors.joining(", "));
    }

    private String of(Condition condition, boolean says) {
        int[] values = condition.values();
        return switch (condition.view()) {
            case TOKEN -> quoted(values);
            case PREVIOUS -> "right after " + quoted(values);
            case SECOND_PREVIOUS -> "two after " + quoted(values);
            case NEXT -> (says ? "say " : "right before ") + quoted(values);
            case FIRST -> "in texts that begin with " + quoted(values);
            case POSITION -> "at position " + ranges(values);
            case FIRST_ADDEND_ONES -> "first addend ends in " + ranges(values);
            case FIRST_ADDEND_TENS -> "first addend's tens are " + ranges(values);
            case SECOND_ADDEND_ONES -> "second addend ends in " + ranges(values);
            case SECOND_ADDEND_TENS -> "second addend's tens are " + ranges(values);
            case SUM_ONES -> "sum ends in " + ranges(values);
            case SUM_TENS -> "sum's tens are " + ranges(values);
            case SUM_HUNDREDS -> "sum's hundreds are " + ranges(values);
            case CARRY -> values.length == 2 ? "in an addition" : values[0] == 1 ? "ones carry" : "ones do not carry";
            case EARLIER -> "after an earlier " + quoted(values);
        };
    }

    private String quoted(int[] ids) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < Math.min(ids.length, MOST_TOKENS); i++) {
            words.add('"' + tokens.token(ids[i]) + '"');
        }
        if (ids.length > MOST_TOKENS) {
            words.add((ids.length - MOST_TOKENS) + " more");
        }
        return words.size() == 1
                ? words.get(0)
                : String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.get(words.size() - 1);
    }

    /** For example 1, 4–6. */
    private static String ranges(int[] values) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < values.length; ) {
            int to = i;
            while (to + 1 < values.length && values[to + 1] == values[to] + 1) {
                to++;
            }
            parts.add(to == i ? "" + values[i] : values[i] + (to == i + 1 ? ", " : "–") + values[to]);
            i = to + 1;
        }
        return String.join(", ", parts);
    }
}
