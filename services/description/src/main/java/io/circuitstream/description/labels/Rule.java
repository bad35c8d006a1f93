package io.circuitstream.description.labels;

import java.util.List;

/**
 * Conditions that must all hold; none for a rule that says nothing.
 *
 * @param accuracy balanced accuracy on the rows that it was found on
 */
record Rule(List<Condition> conditions, double accuracy) {

    boolean holds(Rows rows, int row) {
        return conditions.stream().allMatch(condition -> condition.holds(rows, row));
    }
}
