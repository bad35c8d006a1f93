package io.circuitstream.description.state;

import io.circuitstream.description.packed.PackedReader;
import io.circuitstream.description.packed.PackedWriter;
import java.util.Arrays;

/**
 * How often each of some keys was counted, ascending by key. With a limit it keeps the keys with the smallest hashes: which
 * ones, and their counts, depend only on the set of keys, because a key that is in the end kept was never dropped before. Not
 * thread-safe.
 */
public final class CountMap {
    private static final int MIX = 0x85EBCA6B;

    private final int limit;
    private int[] keys;
    private long[] counts;
    private int size;
    private boolean dropped;

    /** @param limit most keys */
    CountMap(int limit) {
        this.limit = limit;
        this.keys = new int[8];
        this.counts = new long[8];
    }

    void add(int key, long count) {
        int at = Arrays.binarySearch(keys, 0, size, key);
        if (at >= 0) {
            counts[at] += count;
            return;
        }
        if (size < limit) {
            insert(-at - 1, key, count);
            return;
        }
        dropped = true;
        int worst = worst();
        if (Integer.compareUnsigned(hash(key), hash(keys[worst])) < 0) {
            remove(worst);
            insert(-Arrays.binarySearch(keys, 0, size, key) - 1, key, count);
        }
    }

    private int worst() {
        int worst = 0;
        for (int i = 1; i < size; i++) {
            if (Integer.compareUnsigned(hash(keys[i]), hash(keys[worst])) > 0) {
                worst = i;
            }
        }
        return worst;
    }

    private void insert(int at, int key, long count) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, 2 * size);
            counts = Arrays.copyOf(counts, 2 * size);
        }
        System.arraycopy(keys, at, keys, at + 1, size - at);
        System.arraycopy(counts, at, counts, at + 1, size - at);
        keys[at] = key;
        counts[at] = count;
        size++;
    }

    private void remove(int at) {
        System.arraycopy(keys, at + 1, keys, at, size - at - 1);
        System.arraycopy(counts, at + 1, counts, at, size - at - 1);
        size--;
    }

    /** A bijection, so that two keys never tie. */
    private static int hash(int key) {
        int h = key * MIX;
        return (h ^ (h >>> 15)) * MIX;
    }

    public int size() {
        return size;
    }

    public int key(int i) {
        return keys[i];
    }

    public long count(int i) {
        return counts[i];
    }

    /** Whether there were more keys than the limit, so that some are not kept. */
    public boolean isIncomplete() {
        return dropped;
    }

    void write(PackedWriter out) {
        out.count(2L * size + (dropped ? 1 : 0));
        int previous = 0;
        for (int i = 0; i < size; i++) {
            out.count(keys[i] - previous).count(counts[i]);
            previous = keys[i];
        }
    }

    static CountMap read(PackedReader in, int limit) {
        CountMap map = new CountMap(limit);
        int head = in.small();
        map.size = head >> 1;
        map.dropped = (head & 1) == 1;
        map.keys = new int[Math.max(8, map.size)];
        map.counts = new long[Math.max(8, map.size)];
        int previous = 0;
        for (int i = 0; i < map.size; i++) {
            previous += in.small();
            map.keys[i] = previous;
            map.counts[i] = in.count();
        }
        return map;
    }
}
