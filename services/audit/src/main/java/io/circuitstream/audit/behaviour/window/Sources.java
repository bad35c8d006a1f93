package io.circuitstream.audit.behaviour.window;

import io.circuitstream.audit.behaviour.digest.Beat;
import java.nio.ByteBuffer;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far every source has been read. What all have passed cannot come any more, except from a source that was quiet, whose reader
 * said so. A function of the beats: no clock of its own. Not thread-safe.
 */
final class Sources {
    private static final byte VERSION = 1;
    private static final int SOURCE_BYTES = Integer.BYTES + Long.BYTES;

    private final SortedMap<Integer, Long> progress = new TreeMap<>();
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    /** As they were written. @throws RuntimeException for bytes that are no sources */
    static Sources of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte version = in.get();
        if (version != VERSION) {
            throw new IllegalArgumentException("sources of version " + version + ": written by a newer version?");
        }
        Sources sources = new Sources();
        sources.first = in.getLong();
        sources.last = in.getLong();
        while (in.hasRemaining()) {
            int source = in.getInt();
            sources.progress.put(source, in.getLong());
        }
        return sources;
    }

    byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(1 + 2 * Long.BYTES + progress.size() * SOURCE_BYTES)
                .put(VERSION)
                .putLong(first)
                .putLong(last);
        progress.forEach((source, time) -> out.putInt(source).putLong(time));
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    /** The newest word of a source counts, also when it is less: it was quiet, or is read again. */
    void add(Beat beat) {
        progress.put(beat.source(), beat.progress());
        first = Math.min(first, beat.time());
        last = Math.max(last, beat.time());
    }

    /**
     * The event time that every source has passed; the least number in the first time of all, until each source had twice the time to
     * say something: how many there are is not known before.
     */
    long passed(long quiet) {
        boolean known = last != Long.MIN_VALUE && last - first >= 2 * quiet;
        return known
                ? progress.values().stream().mapToLong(Long::longValue).min().orElse(Long.MIN_VALUE)
                : Long.MIN_VALUE;
    }
}
