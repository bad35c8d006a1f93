package io.circuitstream.audit.behaviour.window;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which windows of one scan are open, which may close, and what came late. A window closes when every source that is not quiet has
 * passed its end by the grace; when all are quiet, when the wall clock has. A source is one partition of circuits or of validation
 * reports: one that is behind, as after an outage, holds its windows open instead of losing its records. When a source was last heard
 * is known to this process only; after a restart all known ones count as heard just now. Not thread-safe.
 */
public final class ScanState {
    private static final byte VERSION = 1;
    private static final int FIXED_BYTES = 1 + 4 * Long.BYTES + 1 + 2 * Integer.BYTES;
    private static final int OPEN_BYTES = 2 * Long.BYTES;
    private static final int SOURCE_BYTES = Integer.BYTES + Long.BYTES;

    private final WindowTimes times;
    private final long since;
    /** End by start. */
    private final TreeMap<Long, Long> open = new TreeMap<>();
    /** Newest event time by source. */
    private final SortedMap<Integer, Long> newest = new TreeMap<>();

    private final Map<Integer, Long> heard = new HashMap<>();
    private long closedBefore = Long.MIN_VALUE;
    private @Nullable Long previousStart;
    private long late;
    private long lateReports;
    private boolean dirty;
    private boolean urgent;

    /** Of a scan that is met for the first time. */
    public ScanState(WindowTimes times, long now) {
        this.times = times;
        this.since = now;
    }

    /** As it was written. @throws RuntimeException for bytes that are no state */
    public static ScanState of(WindowTimes times, long now, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte version = in.get();
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "a scan's state of version " + version + ": written by a newer version?");
        }
        ScanState state = new ScanState(times, now);
        state.closedBefore = in.getLong();
        state.late = in.getLong();
        state.lateReports = in.getLong();
        boolean hasPrevious = in.get() == 1;
        long previous = in.getLong();
        state.previousStart = hasPrevious ? previous : null;
        for (int n = in.getInt(); n > 0; n--) {
            state.open.put(in.getLong(), in.getLong());
        }
        for (int n = in.getInt(); n > 0; n--) {
            int source = in.getInt();
            state.newest.put(source, in.getLong());
            state.heard.put(source, now);
        }
        return state;
    }

    /** What {@link #of} reads. Neither {@link #isDirty} nor {@link #isUrgent} afterwards. */
    public byte[] toBytes() {
        dirty = false;
        urgent = false;
        Long previous = previousStart;
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + open.size() * OPEN_BYTES + newest.size() * SOURCE_BYTES)
                .put(VERSION)
                .putLong(closedBefore)
                .putLong(late)
                .putLong(lateReports)
                .put((byte) (previous == null ? 0 : 1))
                .putLong(previous == null ? 0 : previous)
                .putInt(open.size());
        open.forEach((start, end) -> out.putLong(start).putLong(end));
        out.putInt(newest.size());
        newest.forEach((source, time) -> out.putInt(source).putLong(time));
        return out.array();
    }

    /**
     * Opens the window of an event.
     *
     * @param timestamp of the event; one after {@code now} moves no other window: a wrong clock closes nothing
     * @param circuit or a report
     * @return whether its window is still open; otherwise it is counted as late
     */
    public boolean arrive(long timestamp, int source, boolean circuit, long now) {
        newest.merge(source, Math.min(timestamp, now), Math::max);
        heard.put(source, now);
        dirty = true;
        if (timestamp < closedBefore) {
            late += circuit ? 1 : 0;
            lateReports += circuit ? 0 : 1;
            urgent = true;
            return false;
        }
        long start = times.start(timestamp);
        urgent |= open.putIfAbsent(start, start + times.size()) == null;
        return true;
    }

    /** Whether anything changed. Event times of sources alone may be lost: windows then only wait longer. */
    public boolean isDirty() {
        return dirty;
    }

    /** Whether the change must be in the same transaction as the record. */
    public boolean isUrgent() {
        return urgent;
    }

    /** Starts of the windows that may close, oldest first. */
    public List<Long> due(long now) {
        long passed = passed(now);
        List<Long> due = new ArrayList<>();
        open.forEach((start, end) -> {
            if (end + times.grace() <= passed) {
                due.add(start);
            }
        });
        return due;
    }

    /** The event time that nothing awaited can be before. */
    private long passed(long now) {
        if (now - since < times.quiet()) {
            // Sources of which nothing was read yet may be behind.
            return Long.MIN_VALUE;
        }
        return newest.entrySet().stream()
                .filter(source -> now - heard.get(source.getKey()) < times.quiet())
                .mapToLong(Map.Entry::getValue)
                .min()
                .orElse(now);
    }

    public long end(long start) {
        return open.get(start);
    }

    /** What comes for this window from now on is late; what was late is told and forgotten. */
    public void close(long start, boolean hadCircuits) {
        closedBefore = Math.max(closedBefore, open.remove(start));
        late = 0;
        lateReports = 0;
        if (hadCircuits) {
            previousStart = start;
        }
    }

    /** The newest closed window that had circuits. */
    public @Nullable Long previousStart() {
        return previousStart;
    }

    /** Circuits that came late since a window closed. */
    public long late() {
        return late;
    }

    /** Reports that came late since a window closed. */
    public long lateReports() {
        return lateReports;
    }
}
