package io.circuitstream.description.labels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the rule of one or two conditions with the best balanced accuracy. For one view the best set of values is known: those more
 * frequent among active tokens than among inactive ones. A second condition is searched where the first holds, and must
 * earn its place. The same rows give the same rule.
 */
final class Search {
    private static final int MOST_VALUES = 12;
    private static final int MOST_FIRSTS = 6;
    /** In units of {@link Found#gain}, which is twice the gain in balanced accuracy. */
    private static final double SECOND_CONDITION_EARNS = .06;

    private static final double EARLIER_TOKEN_EARNS = .01;
    /** With so many active tokens a value must be seen twice before it counts: once may be chance. */
    private static final int ENOUGH = 10;

    private final Rows active;
    private final Rows inactive;
    private final int[] activeRows;
    private final int[] inactiveRows;
    private final Tally tally;

    /**
     * @param activeRows rows of {@code active} to find on
     * @param inactiveRows likewise
     */
    Search(Rows active, int[] activeRows, Rows inactive, int[] inactiveRows, Tally tally) {
        this.active = active;
        this.inactive = inactive;
        this.activeRows = activeRows;
        this.inactiveRows = inactiveRows;
        this.tally = tally;
    }

    /**
     * A condition within some rows.
     *
     * @param gain recall minus false positives, over all rows: twice the balanced accuracy minus one
     */
    private record Found(Condition condition, double gain) {}

    Rule best() {
        List<Found> firsts = new ArrayList<>();
        for (View view : View.values()) {
            Found found = find(view, activeRows, inactiveRows);
            if (found.gain() > 0) {
                firsts.add(found);
            }
        }
        firsts.sort(Comparator.comparingDouble(Found::gain).reversed());
        if (firsts.isEmpty()) {
            return new Rule(List.of(), .5);
        }
        Found single = firsts.get(0);
        List<Condition> best = List.of(single.condition());
        double most = single.gain() + SECOND_CONDITION_EARNS;
        double gain = single.gain();
        for (Found first : firsts.subList(0, Math.min(MOST_FIRSTS, firsts.size()))) {
            Found second = second(first.condition());
            if (second.gain() > most) {
                best = List.of(first.condition(), second.condition());
                most = second.gain();
                gain = second.gain();
            }
        }
        return new Rule(best, (1 + gain) / 2);
    }

    /** The condition that makes most of where another one holds. */
    private Found second(Condition first) {
        int[] activeHere = first.filter(active, activeRows);
        int[] inactiveHere = first.filter(inactive, inactiveRows);
        Found best = new Found(first, 0);
        for (View view : View.values()) {
            if (view != first.view()) {
                Found found = find(view, activeHere, inactiveHere);
                best = found.gain() > best.gain() ? found : best;
            }
        }
        return best;
    }

    private record Gain(int value, double gain) {}

    /** The best set of values of a view in some of the rows; without a gain when no value helps. */
    private Found find(View view, int[] activeHere, int[] inactiveHere) {
        List<Gain> gains = gains(view, activeHere, inactiveHere);
        gains.sort(Comparator.comparingDouble(Gain::gain).reversed().thenComparingInt(Gain::value));
        List<Gain> kept = gains.subList(0, Math.min(MOST_VALUES, gains.size()));
        if (view.isSet()) {
            return union(kept, activeHere, inactiveHere);
        }
        int[] values = kept.stream().mapToInt(Gain::value).sorted().toArray();
        return new Found(
                new Condition(view, values),
                kept.stream().mapToDouble(Gain::gain).sum());
    }

    private List<Gain> gains(View view, int[] activeHere, int[] inactiveHere) {
        tally.clear();
        tally.add(view, active, activeHere, true);
        tally.add(view, inactive, inactiveHere, false);
        int support = activeRows.length >= ENOUGH ? 2 : 1;
        List<Gain> gains = new ArrayList<>();
        for (int i = 0; i < tally.size(); i++) {
            double gain = gain(tally.active(i), tally.inactive(i));
            if (gain > 0 && tally.active(i) >= support) {
                gains.add(new Gain(tally.value(i), gain));
            }
        }
        return gains;
    }

    private double gain(int activeCount, int inactiveCount) {
        return (double) activeCount / activeRows.length - (double) inactiveCount / inactiveRows.length;
    }

    /** Tokens overlap where several came before: each next one counts only where none of the others did. */
    private Found union(List<Gain> candidates, int[] activeHere, int[] inactiveHere) {
        int[] activeLeft = activeHere;
        int[] inactiveLeft = inactiveHere;
        List<Integer> chosen = new ArrayList<>();
        double gain = 0;
        for (Gain candidate : candidates) {
            if (candidate.gain() <= EARLIER_TOKEN_EARNS) {
                break;
            }
            Condition one = new Condition(View.EARLIER, new int[] {candidate.value()});
            int[] activeAfter = without(one, active, activeLeft);
            int[] inactiveAfter = without(one, inactive, inactiveLeft);
            double more = gain(activeLeft.length - activeAfter.length, inactiveLeft.length - inactiveAfter.length);
            if (more > EARLIER_TOKEN_EARNS) {
                chosen.add(candidate.value());
                gain += more;
                activeLeft = activeAfter;
                inactiveLeft = inactiveAfter;
            }
        }
        int[] values = chosen.stream().mapToInt(Integer::intValue).sorted().toArray();
        return new Found(new Condition(View.EARLIER, values), gain);
    }

    private static int[] without(Condition condition, Rows rows, int[] of) {
        return Arrays.stream(of).filter(row -> !condition.holds(rows, row)).toArray();
    }
}
