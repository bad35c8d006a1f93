package io.circuitstream.audit.behaviour;

import org.apache.kafka.common.TopicPartition;

/** Knows whether a partition has records that its reader has not been given yet. Used by one thread. */
interface Lookahead extends AutoCloseable {

    /**
     * Whether there are any.
     *
     * @param next offset after the last record read; negative when none was read since the start
     */
    boolean hasUnread(long next);

    @Override
    void close();

    /** Makes one for each partition. */
    @FunctionalInterface
    interface Source {
        Lookahead of(TopicPartition partition);
    }
}
