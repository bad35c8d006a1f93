package io.circuitstream.audit.behaviour.digest;

/**
 * Influences and shares as whole numbers of 2⁻²⁰: a sum of integers is the same in every order and grouping, a sum of doubles is not.
 * Rounding happens once for each circuit and is at most 2⁻²¹.
 */
public final class Units {
    private static final double ONE = 1 << 20;

    private Units() {}

    /** The nearest whole number of units. @throws IllegalArgumentException for what is no finite number */
    public static long of(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("not a finite number: " + value);
        }
        return Math.round(value * ONE);
    }

    public static double value(long units) {
        return units / ONE;
    }
}
