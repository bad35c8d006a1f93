package io.circuitstream.dashboard.reading;

import io.circuitstream.dashboard.store.Key;
import io.circuitstream.dashboard.store.Reader;
import io.circuitstream.dashboard.store.Step;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/** Where reading goes on, in the same store as what was read: so a record counts once, whenever the process was killed. */
final class Offsets {
    private static final char OFFSET = 'O';

    private Offsets() {}

    /** The next offset to read; empty when nothing of the partition was read yet. */
    static OptionalLong next(Reader from, TopicPartition partition) {
        byte[] next = from.get(key(partition));
        return next == null
                ? OptionalLong.empty()
                : OptionalLong.of(ByteBuffer.wrap(next).getLong());
    }

    static void put(Step step, TopicPartition partition, long next) {
        step.put(key(partition), ByteBuffer.allocate(Long.BYTES).putLong(next).array());
    }

    private static byte[] key(TopicPartition partition) {
        return Key.of(OFFSET)
                .text(partition.topic())
                .number(partition.partition())
                .end();
    }
}
