package io.circuitstream.audit.behaviour.digest;

/** An edge between nodes without positions, both as {@link NodeCode}s. */
public record Edge(long source, long target) implements Comparable<Edge> {

    @Override
    public int compareTo(Edge other) {
        int order = Long.compare(source, other.source);
        return order != 0 ? order : Long.compare(target, other.target);
    }

    /** For hash tables and samples: the same everywhere. */
    public long mixed() {
        return Mix.of(source, target);
    }

    @Override
    public int hashCode() {
        return (int) mixed();
    }
}
