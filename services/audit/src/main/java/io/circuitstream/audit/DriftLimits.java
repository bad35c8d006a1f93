package io.circuitstream.audit;

/**
 * When a window is a drift: both must hold.
 *
 * @param divergence least Jensen–Shannon divergence from the window before, in bits, 0 to 1
 * @param level greatest p-value under the null that the circuits of both windows are exchangeable, 0 to 1
 */
public record DriftLimits(RuleReference rule, Measure measure, double divergence, double level) {

    /** What is compared between two windows. */
    public enum Measure {
        FEATURES,
        SCORES,
        EDGES
    }
}
