package io.circuitstream.circuits.attribution;

import io.circuitstream.circuits.graph.Nodes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * How many targets are carried down together: many enough for the products to be efficient, few enough for a batch not to
 * walk to positions that most of it does not need, and for its rows to fit the memory. Depends on the prompt only, so
 * that the bytes of the result do.
 *
 * @param most targets of a batch
 */
record BatchSizes(int most) {
    private static final int MOST = Integer.getInteger("batch.most", 128);
    private static final int LEAST = Integer.getInteger("batch.least", 32);
    /** Positions times targets: enough rows for a product. */
    private static final int ENOUGH = Integer.getInteger("batch.enough", 4096);
    /** Entries of a batch's dense rows, 256 MB. */
    private static final int MOST_ENTRIES = 1 << 26;
    /** Entries of the rows between two times that influence is added up and rows are cut, 256 MB. */
    private static final long MOST_TOGETHER = 1L << 25;

    static BatchSizes of(Nodes nodes) {
        return new BatchSizes(Math.max(1, Math.min(MOST, MOST_ENTRIES / Math.max(1, nodes.count()))));
    }

    /** Targets at positions up to this one. */
    int upTo(int position) {
        return Math.min(most, Math.max(LEAST, ENOUGH / (position + 1)));
    }

    /** The batches in groups that are done before the next begins. */
    List<List<Supplier<Batch>>> together(List<Supplier<Batch>> batches) {
        List<List<Supplier<Batch>>> groups = new ArrayList<>();
        for (int from = 0; from < batches.size(); from += 16) {
            groups.add(batches.subList(from, Math.min(batches.size(), from + 16)));
        }
        return groups;
    }
}
