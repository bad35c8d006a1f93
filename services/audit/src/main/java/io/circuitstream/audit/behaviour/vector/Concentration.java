package io.circuitstream.audit.behaviour.vector;

import java.util.Collection;

/**
 * How far a whole is spread over its parts.
 *
 * @param effective number of parts, 2 to the entropy of the shares in bits: n for n equal ones, 1 for a single one
 * @param largest share
 */
record Concentration(double effective, double largest) {

    /** NaN for both when the whole is 0. */
    static Concentration of(Collection<Double> parts) {
        double whole = 0;
        double largest = 0;
        for (double part : parts) {
            whole += part;
            largest = Math.max(largest, part);
        }
        double entropy = 0;
        for (double part : parts) {
            if (part > 0) {
                entropy -= part / whole * StrictMath.log(part / whole);
            }
        }
        return whole == 0
                ? new Concentration(Double.NaN, Double.NaN)
                : new Concentration(StrictMath.exp(entropy), largest / whole);
    }
}
