package io.circuitstream.audit.rules;

import io.circuitstream.audit.DriftLimits;
import java.util.ArrayList;
import java.util.List;

/**
 * Rules that are in force together. Immutable.
 *
 * @param version SHA-256 (hex) over the canonical forms of all of them, one a line, in their order
 */
public record RuleSet(String version, List<NamedRule<?>> rules) {
    public RuleSet {
        rules = List.copyOf(rules);
    }

    /** Those of one type, in their order. */
    public <R extends Rule> List<NamedRule<R>> of(Class<R> type) {
        List<NamedRule<R>> found = new ArrayList<>();
        for (NamedRule<?> named : rules) {
            if (type.isInstance(named.rule())) {
                found.add(new NamedRule<>(named.reference(), type.cast(named.rule())));
            }
        }
        return found;
    }

    /** The drift rules, for the part of the service that compares windows. */
    public List<DriftLimits> drift() {
        return of(Rule.Drift.class).stream()
                .map(named -> new DriftLimits(
                        named.reference(),
                        named.rule().measure(),
                        named.rule().divergence(),
                        named.rule().level()))
                .toList();
    }
}
