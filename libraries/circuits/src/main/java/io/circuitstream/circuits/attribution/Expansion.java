package io.circuitstream.circuits.attribution;

/**
 * Which features get a row.
 *
 * @param epsilon in bounded mode the share of the targets' weight that rows which are left out may have as influence together
 * @param maxFeatures most features with a row; {@link #ALL} for no limit
 */
public record Expansion(Mode mode, double epsilon, int maxFeatures) {
    public static final int ALL = Integer.MAX_VALUE;

    public static final Expansion EXACT = new Expansion(Mode.EXACT, 0, ALL);

    /** Where the tails are cut. */
    public enum Mode {
        /** Exact for small graphs, bounded for large ones: {@link Expansion#EXACT_FEATURES}. */
        AUTOMATIC,
        /** Every active feature, whether it has influence or not. */
        EXACT,
        /** Without the tail of each layer, as long as its influence is within the budget. */
        BOUNDED
    }

    /** Most active features that are all expanded when nothing else is asked for. */
    static final int EXACT_FEATURES = 4096;

    /** @throws IllegalArgumentException if a limit makes no sense */
    public Expansion {
        if (!(epsilon >= 0 && epsilon < 1)) {
            throw new IllegalArgumentException("epsilon is " + epsilon + ", must be in [0, 1)");
        }
        if (maxFeatures < 1) {
            throw new IllegalArgumentException("max features is " + maxFeatures + ", must be at least 1");
        }
    }

    public static Expansion bounded(double epsilon) {
        return new Expansion(Mode.BOUNDED, epsilon, ALL);
    }

    /** Whether every feature is expanded as far as the limit on their number allows. */
    boolean isExact(int features) {
        return switch (mode) {
            case EXACT -> true;
            case BOUNDED -> false;
            case AUTOMATIC -> features <= EXACT_FEATURES;
        };
    }
}
