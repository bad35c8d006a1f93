package io.circuitstream.audit.behaviour.window;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Counts keys exactly up to a bound; above it, those whose hash has enough leading zeros (Wegman's adaptive sampling). A key is dropped
 * for good, with all it had, when the zeros asked for grow, and they grow only when too many distinct keys have them: what is left
 * depends on the set of keys and not on their order, and what is left was counted from its first occurrence on. Not thread-safe.
 */
final class BoundedCounts<K extends Comparable<K>> {
    private final int most;
    private final ToLongFunction<K> hash;
    private final Map<K, Count> counts = new HashMap<>();
    private int zeros;

    /** A key with what was added to it. */
    record Counted<K>(K key, long circuits, long units) {}

    private static final class Count {
        private long circuits;
        private long units;
    }

    /**
     * Empty.
     *
     * @param hash of a key, all bits of it
     */
    BoundedCounts(int most, ToLongFunction<K> hash) {
        this.most = most;
        this.hash = hash;
    }

    void add(K key, long units) {
        if (!isCounted(key)) {
            return;
        }
        Count count = counts.computeIfAbsent(key, k -> new Count());
        count.circuits++;
        count.units += units;
        while (counts.size() > most) {
            zeros++;
            counts.keySet().removeIf(k -> !isCounted(k));
        }
    }

    private boolean isCounted(K key) {
        return Long.numberOfLeadingZeros(hash.applyAsLong(key)) >= zeros;
    }

    int size() {
        return counts.size();
    }

    /** Expected share of all keys that are counted: 1 as long as all fit. */
    double sampling() {
        return Math.scalb(1.0, -zeros);
    }

    /** Most circuits first, then most units, then the lowest key. */
    List<Counted<K>> top(int n) {
        return counts.entrySet().stream()
                .map(e -> new Counted<>(e.getKey(), e.getValue().circuits, e.getValue().units))
                .sorted(Comparator.<Counted<K>>comparingLong(c -> -c.circuits())
                        .thenComparingLong(c -> -c.units())
                        .thenComparing(Counted::key))
                .limit(n)
                .toList();
    }
}
