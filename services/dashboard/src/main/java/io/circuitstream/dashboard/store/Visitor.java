package io.circuitstream.dashboard.store;

/** Told of entries in their order. */
@FunctionalInterface
public interface Visitor {
    /** Whether to go on. */
    boolean visit(byte[] key, byte[] value);
}
