package io.circuitstream.audit;

import io.circuitstream.events.RuleKind;
import io.circuitstream.events.Severity;

/**
 * Which rule a finding is of.
 *
 * @param version SHA-256 (hex) of the rule's canonical form
 * @param rulesVersion the same of all rules in force
 */
public record RuleReference(String name, RuleKind kind, String version, String rulesVersion, Severity severity) {}
