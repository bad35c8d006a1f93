package io.circuitstream.description.labels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the rule of one or two conditions with the best balanced accuracy. For one view the best set of values is known: those more
 * frequent among active tokens than among inactive ones. A second condition is searched where the first holds, and must
 * earn its place. The same rows give the same rule.
 */
final class Search {
    private static final int MOST_VALUES = 12;
    private static final double SECOND_CONDITION_EARNS = .03;
    private static final double EARLIER_TOKEN_EARNS = .005;
    /** With so many active tokens a value must be seen twice before it counts: once may be chance. */
    private static final int ENOUGH = 10;

    private final Rows active;
    private final Rows inactive;
    private final int[] activeRows;
    private final int[] inactiveRows;

    /** @param activeRows rows of {@code active} to find on; @param inactiveRows likewise */
    Search(Rows active, int[] activeRows, Rows inactive, int[] inactiveRows) {
        this.active = active;
        this.inactive = inactive;
        this.activeRows = activeRows;
        this.inactiveRows = inactiveRows;
    }

    Rule best() {
        Rule single = new Rule(List.of(), .5);
        List<Condition> firsts = new ArrayList<>();
        for (View view : View.values()) {
            Condition condition = condition(view, activeRows, inactiveRows);
            if (condition.values().length > 0) {
                firsts.add(condition);
                Rule rule = rule(List.of(condition));
                single = rule.accuracy() > single.accuracy() ? rule : single;
            }
        }
        Rule best = single;
        for (Condition first : firsts) {
            int[] activeHere = first.filter(active, activeRows);
            int[] inactiveHere = first.filter(inactive, inactiveRows);
            for (View view : View.values()) {
                if (view == first.view()) {
                    continue;
                }
                Condition second = condition(view, activeHere, inactiveHere);
                if (second.values().length > 0) {
                    Rule rule = rule(List.of(first, second));
                    if (rule.accuracy() > single.accuracy() + SECOND_CONDITION_EARNS
                            && rule.accuracy() > best.accuracy()) {
                        best = rule;
                    }
                }
            }
        }
        return best;
    }

    private Rule rule(List<Condition> conditions) {
        double recall = share(active, activeRows, conditions);
        double falsePositives = share(inactive, inactiveRows, conditions);
        return new Rule(conditions, (recall + 1 - falsePositives) / 2);
    }

    private static double share(Rows rows, int[] of, List<Condition> conditions) {
        Rule rule = new Rule(conditions, 0);
        int n = 0;
        for (int row : of) {
            n += rule.holds(rows, row) ? 1 : 0;
        }
        return of.length == 0 ? 0 : (double) n / of.length;
    }

    /** How much a value or token adds to the balanced accuracy, times two. */
    private record Gain(int value, double gain) {}

    /** The best set of values of a view on some of the rows; empty when no value helps. */
    private Condition condition(View view, int[] activeHere, int[] inactiveHere) {
        List<Gain> gains = gains(view, activeHere, inactiveHere);
        gains.sort(Comparator.comparingDouble(Gain::gain).reversed().thenComparingInt(Gain::value));
        List<Gain> kept = gains.subList(0, Math.min(MOST_VALUES, gains.size()));
        int[] values = view.isSet()
                ? union(kept, activeHere, inactiveHere)
                : kept.stream().mapToInt(Gain::value).toArray();
        Arrays.sort(values);
        return new Condition(view, values);
    }

    private List<Gain> gains(View view, int[] activeHere, int[] inactiveHere) {
        Map<Integer, int[]> counts = new HashMap<>();
        count(view, active, activeHere, 0, counts);
        count(view, inactive, inactiveHere, 1, counts);
        int support = activeRows.length >= ENOUGH ? 2 : 1;
        List<Gain> gains = new ArrayList<>();
        counts.forEach((value, n) -> {
            double gain = (double) n[0] / activeRows.length - (double) n[1] / inactiveRows.length;
            if (gain > 0 && n[0] >= support) {
                gains.add(new Gain(value, gain));
            }
        });
        return gains;
    }

    private static void count(View view, Rows rows, int[] of, int column, Map<Integer, int[]> counts) {
        for (int row : of) {
            if (view.isSet()) {
                for (int token : rows.earlier(row)) {
                    counts.computeIfAbsent(token, t -> new int[2])[column]++;
                }
            } else if (rows.value(view, row) != View.NONE) {
                counts.computeIfAbsent(rows.value(view, row), t -> new int[2])[column]++;
            }
        }
    }

    /** Tokens overlap where several came before: each next one counts only where none of the others did. */
    private int[] union(List<Gain> candidates, int[] activeHere, int[] inactiveHere) {
        int[] activeLeft = activeHere;
        int[] inactiveLeft = inactiveHere;
        List<Integer> chosen = new ArrayList<>();
        for (Gain candidate : candidates) {
            Condition one = new Condition(View.EARLIER, new int[] {candidate.value()});
            int[] a = one.filter(active, activeLeft);
            int[] b = one.filter(inactive, inactiveLeft);
            if ((double) a.length / activeRows.length - (double) b.length / inactiveRows.length
                    > 2 * EARLIER_TOKEN_EARNS) {
                chosen.add(candidate.value());
                activeLeft = without(one, active, activeLeft);
                inactiveLeft = without(one, inactive, inactiveLeft);
            }
        }
        return chosen.stream().mapToInt(Integer::intValue).toArray();
    }

    private static int[] without(Condition condition, Rows rows, int[] of) {
        return Arrays.stream(of).filter(row -> !condition.holds(rows, row)).toArray();
    }
}
