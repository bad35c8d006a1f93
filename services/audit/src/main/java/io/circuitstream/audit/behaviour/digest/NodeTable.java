package io.circuitstream.audit.behaviour.digest;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** The nodes at the ends of a digest's edges, ascending; at most twice {@link CircuitDigest#MOST_EDGES}, so an index is a short. */
record NodeTable(long[] codes) {

    static NodeTable of(List<Edge> edges) {
        return new NodeTable(edges.stream()
                .flatMapToLong(e -> LongStream.of(e.source(), e.target()))
                .sorted()
                .distinct()
                .toArray());
    }

    int size() {
        return codes.length;
    }

    int index(long code) {
        return Arrays.binarySearch(codes, code);
    }

    void put(ByteBuffer out) {
        out.putInt(codes.length);
        for (long code : codes) {
            out.putLong(code);
        }
    }
}
