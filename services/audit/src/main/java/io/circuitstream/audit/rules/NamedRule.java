package io.circuitstream.audit.rules;

import io.circuitstream.audit.RuleReference;

/** A rule with what a finding says of it. */
public record NamedRule<R extends Rule>(RuleReference reference, R rule) {}
