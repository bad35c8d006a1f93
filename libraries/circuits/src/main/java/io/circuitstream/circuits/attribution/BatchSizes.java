package io.circuitstream.circuits.attribution;

import io.circuitstream.circuits.graph.Nodes;
import java.util.ArrayList;
import java.util.List;

/**
 * Which targets are carried down together: those of one position, so that no position is walked that not all of them need,
 * or of several when they are too few for the products to be efficient. Depends on the prompt only, so that the
 * bytes of the result do.
 *
 * @param width d of the model
 * @param most targets of a batch
 * @param together batches between two times that influence is added up and what carries least is left out
 */
record BatchSizes(int width, int most, int together) {
    private static final int MOST = 128;
    private static final int LEAST = 32;
    /** Multiply-adds of a product beside which the cost of calling it does not count. */
    private static final double ENOUGH = 5e7;

    private static final int MOST_TOGETHER = 16;
    /** Entries of a batch's dense rows, 128 MB. */
    private static final int MOST_ENTRIES = 1 << 25;
    /** Entries of the compressed rows of all batches together, 256 MB if none of them is small enough to be dropped. */
    private static final int MOST_ENTRIES_TOGETHER = 1 << 25;

    static BatchSizes of(Nodes nodes, int width) {
        int most = Math.max(1, Math.min(MOST, MOST_ENTRIES / Math.max(1, nodes.count())));
        long entries = (long) most * Math.max(1, nodes.count());
        return new BatchSizes(width, most, (int) Math.max(2, Math.min(MOST_TOGETHER, MOST_ENTRIES_TOGETHER / entries)));
    }

    /**
     * Where the batches begin, from the last one: its targets reach furthest and cost most, so that what is left when a
     * thread runs out of work is small.
     *
     * @param position ascending
     */
    List<Integer> beginnings(int[] position) {
        List<Integer> beginnings = new ArrayList<>();
        int to = position.length;
        while (to > 0) {
            int least = Math.min(most, (int) Math.max(LEAST, ENOUGH / ((position[to - 1] + 1.0) * width * width)));
            int from = to - 1;
            while (from > 0 && to - from < most && (to - from < least || position[from - 1] == position[from])) {
                from--;
            }
            beginnings.add(from);
            to = from;
        }
        return beginnings;
    }
}
