package io.circuitstream.audit.behaviour.digest;

/** An edge between nodes without positions, both as {@link NodeCode}s. */
public record Edge(long source, long target) implements Comparable<Edge> {

    @Override
    public int compareTo(Edge other) {
        int order = Long.compare(source, other.source);
        return order != 0 ? order : Long.compare(target, other.target);
    }
}
