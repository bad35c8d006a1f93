package io.circuitstream.training.evaluation;

import java.util.BitSet;

/** Estimates the rest from the mean time of a document with a graph and of one without. Not thread-safe. */
final class TimeLeft {
    private final int threads;
    private final Part with;
    private final Part without;

    private static final class Part {
        private int waiting;
        private int done;
        private double seconds;

        private Part(int waiting) {
            this.waiting = waiting;
        }

        private double mean(Part other) {
            Part known = done > 0 ? this : other;
            return known.seconds / known.done;
        }
    }

    /** @param graphs which of the {@code total} documents have a graph */
    TimeLeft(BitSet graphs, int total, int threads) {
        this.threads = threads;
        this.with = new Part(graphs.cardinality());
        this.without = new Part(total - graphs.cardinality());
    }

    void measured(boolean graph, long nanos) {
        Part part = graph ? with : without;
        part.waiting--;
        part.done++;
        part.seconds += nanos / 1e9;
    }

    /** Defined once something was measured. */
    double seconds() {
        return (with.waiting * with.mean(without) + without.waiting * without.mean(with)) / threads;
    }
}
