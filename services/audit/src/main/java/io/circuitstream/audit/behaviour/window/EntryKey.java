package io.circuitstream.audit.behaviour.window;

import io.circuitstream.audit.behaviour.digest.Arrival;
import io.circuitstream.audit.behaviour.digest.CircuitDigest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/**
 * Where an entry stands in the store: space, scan, window, circuits before reports, hash of the promptId, record's timestamp, hash of
 * the entry. So a window is read in an order that only its content decides, its first circuits are a sample that no arrival decides,
 * and a record that is read twice is kept once.
 */
final class EntryKey {
    private static final byte OPEN = 0;
    private static final byte PREVIOUS = 1;

    private EntryKey() {}

    static Bytes of(String scan, long start, Arrival arrival, byte[] entry, long timestamp) {
        byte[] prompt = arrival.promptId().getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(bytes(prefix(OPEN, scan, start, 1 + 3 * Long.BYTES)
                .put((byte) (arrival.seen() instanceof CircuitDigest ? 0 : 1))
                .put(hash(prompt))
                .putLong(timestamp)
                .put(hash(entry))));
    }

    static Bytes open(String scan, long start) {
        return Bytes.wrap(bytes(prefix(OPEN, scan, start, 0)));
    }

    /** Of the sample that waits for the next window. */
    static Bytes previous(String scan, long start) {
        return Bytes.wrap(bytes(prefix(PREVIOUS, scan, start, 0)));
    }

    static Bytes toPrevious(Bytes open) {
        byte[] key = open.get().clone();
        key[0] = PREVIOUS;
        return Bytes.wrap(key);
    }

    private static ByteBuffer prefix(byte space, String scan, long start, int more) {
        byte[] name = scan.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + Integer.BYTES + name.length + Long.BYTES + more)
                .put(space)
                .putInt(name.length)
                .put(name)
                .putLong(start);
    }

    /** All that was allocated, which is full. */
    private static byte[] bytes(ByteBuffer full) {
        byte[] bytes = new byte[full.flip().remaining()];
        full.get(bytes);
        return bytes;
    }

    private static byte[] hash(byte[] bytes) {
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(bytes), Long.BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
