package io.circuitstream.dashboard.store;

import org.jspecify.annotations.Nullable;

/** Entries that can be read: those of the store, or those as an uncommitted step leaves them. */
public interface Reader {
    byte @Nullable [] get(byte[] key);

    /** Visits the entries whose keys begin with the prefix, ascending, from the first that is not less than {@code from}. */
    void ascend(byte[] prefix, byte[] from, Visitor visitor);

    /** Visits the entries whose keys begin with the prefix, ascending. */
    default void ascend(byte[] prefix, Visitor visitor) {
        ascend(prefix, prefix, visitor);
    }
}
