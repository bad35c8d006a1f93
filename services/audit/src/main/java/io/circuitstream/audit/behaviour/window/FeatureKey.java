package io.circuitstream.audit.behaviour.window;

import io.circuitstream.audit.behaviour.digest.Mix;

/** A feature's code, with a hash that spreads. */
record FeatureKey(long code) implements Comparable<FeatureKey> {

    long mixed() {
        return Mix.of(code);
    }

    @Override
    public int compareTo(FeatureKey other) {
        return Long.compare(code, other.code);
    }

    @Override
    public int hashCode() {
        return (int) mixed();
    }
}
