package io.circuitstream.circuits.attribution;

/** Told after every batch of rows. */
@FunctionalInterface
public interface RowProgress {
    RowProgress NONE = (done, total) -> {};

    void rows(int done, int total);
}
