package io.circuitstream.dashboard.traces;

import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.store.Key;
import io.circuitstream.dashboard.store.Reader;
import io.circuitstream.dashboard.store.Step;
import io.circuitstream.dashboard.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Traces by id and by time. */
public final class TraceTable {
    private static final char BY_ID = 'T';
    private static final char BY_TIME = 't';
    /** Traces that a filter may pass over before a page ends short. */
    private static final int MOST_VISITED = 20_000;

    private TraceTable() {}

    /**
     * A part of the list, newest first.
     *
     * @param next where the next page begins; null at the end of the list. A page may be short, even empty, and not the last
     */
    public record Page(List<Trace> traces, @Nullable String next) {}

    public static Optional<Trace> find(Reader from, String promptId) {
        return Optional.ofNullable(from.get(Key.of(BY_ID).end(promptId))).map(bytes -> Json.read(bytes, Trace.class));
    }

    /**
     * Writes a trace, new or changed.
     *
     * @param before what was there; null when nothing was
     */
    public static void put(Step step, @Nullable Trace before, Trace trace) {
        if (before != null && before.submission().at() != trace.submission().at()) {
            step.delete(timeKey(before.submission().at(), before.promptId()));
        }
        byte[] bytes = Json.bytes(trace);
        step.put(Key.of(BY_ID).end(trace.promptId()), bytes);
        step.put(timeKey(trace.submission().at(), trace.promptId()), bytes);
    }

    public static void remove(Step step, Trace trace) {
        step.delete(Key.of(BY_ID).end(trace.promptId()));
        step.delete(timeKey(trace.submission().at(), trace.promptId()));
    }

    /** The first ones that were sent. */
    public static List<Trace> oldest(Reader from, int most) {
        List<Trace> traces = new ArrayList<>();
        from.ascend(Key.of(BY_TIME).end(), (key, value) -> {
            traces.add(Json.read(value, Trace.class));
            return traces.size() < most;
        });
        return traces;
    }

    /**
     * The next traces that the filter takes. A page that ends short ends between two times: where the next one begins names no trace
     * that the filter did not take.
     *
     * @param before a {@link Page#next}; null begins with the newest
     * @throws IllegalArgumentException for another text
     */
    public static Page page(Store store, @Nullable String before, int limit, Predicate<Trace> filter) {
        return page(store, before, limit, MOST_VISITED, filter);
    }

    static Page page(Store store, @Nullable String before, int limit, int mostVisited, Predicate<Trace> filter) {
        List<Trace> traces = new ArrayList<>();
        int[] visited = {0};
        long[] at = {Long.MAX_VALUE};
        @Nullable String[] next = {null};
        store.descend(Key.of(BY_TIME).end(), start(before), (key, value) -> {
            if (traces.size() == limit) {
                next[0] = at[0] + "_" + traces.get(limit - 1).promptId();
                return false;
            }
            if (visited[0]++ >= mostVisited && Key.numberAt(key, 1) != at[0]) {
                next[0] = at[0] + "_";
                return false;
            }
            at[0] = Key.numberAt(key, 1);
            Trace trace = Json.read(value, Trace.class);
            if (filter.test(trace)) {
                traces.add(trace);
            }
            return true;
        });
        return new Page(traces, next[0]);
    }

    private static byte[] start(@Nullable String before) {
        if (before == null) {
            return Key.of(BY_TIME).number(Long.MAX_VALUE).end();
        }
        int separator = before.indexOf('_');
        if (separator < 1) {
            throw new IllegalArgumentException("before must be a 'next' of an earlier answer");
        }
        return timeKey(Long.parseLong(before.substring(0, separator)), before.substring(separator + 1));
    }

    private static byte[] timeKey(long at, String promptId) {
        return Key.of(BY_TIME).number(at).end(promptId);
    }
}
