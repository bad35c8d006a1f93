package io.circuitstream.audit.behaviour.window;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which windows of one scan are open, which was the last that closed, and what came late. Not thread-safe. */
final class ScanState {
    private static final byte VERSION = 1;
    private static final int FIXED_BYTES = 2 + 4 * Long.BYTES;

    /** End by start. */
    private final TreeMap<Long, Long> open = new TreeMap<>();

    private long closedBefore = Long.MIN_VALUE;
    private @Nullable Long previousStart;
    private long late;
    private long lateReports;

    /** As it was written. @throws RuntimeException for bytes that are no state */
    static ScanState of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte version = in.get();
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "a scan's state of version " + version + ": written by a newer version?");
        }
        ScanState state = new ScanState();
        state.closedBefore = in.getLong();
        state.late = in.getLong();
        state.lateReports = in.getLong();
        boolean hasPrevious = in.get() == 1;
        long previous = in.getLong();
        state.previousStart = hasPrevious ? previous : null;
        while (in.hasRemaining()) {
            long start = in.getLong();
            state.open.put(start, in.getLong());
        }
        return state;
    }

    byte[] toBytes() {
        Long previous = previousStart;
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + open.size() * 2 * Long.BYTES)
                .put(VERSION)
                .putLong(closedBefore)
                .putLong(late)
                .putLong(lateReports)
                .put((byte) (previous == null ? 0 : 1))
                .putLong(previous == null ? 0 : previous);
        open.forEach((start, end) -> out.putLong(start).putLong(end));
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    /** Whether the window of that time is closed. */
    boolean isLate(long timestamp) {
        return timestamp < closedBefore;
    }

    void countLate(boolean circuit) {
        late += circuit ? 1 : 0;
        lateReports += circuit ? 0 : 1;
    }

    /**
     * Opens a window, which may be open.
     *
     * @return whether it was not
     */
    boolean open(long start, long size) {
        return open.putIfAbsent(start, start + size) == null;
    }

    /** Starts of the windows whose end and grace are not after that event time, oldest first. */
    List<Long> due(long passed, long grace) {
        List<Long> due = new ArrayList<>();
        open.forEach((start, end) -> {
            if (end + grace <= passed) {
                due.add(start);
            }
        });
        return due;
    }

    long end(long start) {
        return open.get(start);
    }

    /** What comes for this window from now on is late; what was late is told and forgotten. */
    void close(long start, boolean hadCircuits) {
        closedBefore = Math.max(closedBefore, open.remove(start));
        late = 0;
        lateReports = 0;
        if (hadCircuits) {
            previousStart = start;
        }
    }

    /** The newest closed window that had circuits. */
    @Nullable
    Long previousStart() {
        return previousStart;
    }

    /** Circuits that came late since a window closed. */
    long late() {
        return late;
    }

    /** Reports that came late since a window closed. */
    long lateReports() {
        return lateReports;
    }
}
