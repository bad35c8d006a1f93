package io.circuitstream.audit.behaviour.drift;

/** Where a score from 0 to 1 stands in a histogram of ten equal bins, of which the last includes 1. */
public final class Tenths {
    public static final int COUNT = 10;

    private Tenths() {}

    /** Scores outside of 0 to 1 are in the nearest bin. */
    public static int of(double score) {
        return (int) Math.max(0, Math.min(COUNT - 1, Math.floor(score * COUNT)));
    }
}
