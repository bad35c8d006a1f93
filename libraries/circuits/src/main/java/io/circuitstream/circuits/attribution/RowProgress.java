package io.circuitstream.circuits.attribution;

/** Told after every batch of rows, by one thread at a time. */
@FunctionalInterface
public interface RowProgress {
    RowProgress NONE = done -> {};

    /**
     * How far a graph is.
     *
     * @param rows done
     * @param most rows of the finished graph, as far as is known: what is skipped on the way makes it fewer
     * @param work share of the operations that is done, 0 to 1, by the same knowledge
     * @param settledInfluence share of the targets' weight that no longer depends on rows to come, 0 to 1
     */
    record Done(int rows, int most, double work, double settledInfluence) {}

    void rows(Done done);
}
