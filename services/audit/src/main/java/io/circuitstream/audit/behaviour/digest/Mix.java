package io.circuitstream.audit.behaviour.digest;

/**
 * Spreads codes over all bits. {@link NodeCode}s differ in few bits: in a hash table keyed by a record's own hash a million edges
 * share some thousand places.
 */
public final class Mix {
    private Mix() {}

    /** SplitMix64's finaliser: a bijection in which every input bit moves half of the output bits. */
    public static long of(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** Of both, in this order. */
    public static long of(long first, long second) {
        return of(of(first) + Long.rotateLeft(second, 32));
    }
}
