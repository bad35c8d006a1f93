package io.circuitstream.dashboard.traces;

import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.store.Key;
import io.circuitstream.dashboard.store.Reader;
import io.circuitstream.dashboard.store.Step;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Verdicts and scores over time, in minutes of the prompts' sending: of those that are kept, so there are at most as many minutes. */
public final class TrustTable {
    private static final char BUCKET = 'u';
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    /** A longer time is told in hours. */
    private static final long MOST_IN_MINUTES = 6 * HOUR;

    private TrustTable() {}

    /**
     * Of one span of time.
     *
     * @param scored traces with a graph, of which the two scores are sums
     */
    public record Bucket(
            int supported,
            int mixed,
            int unsupported,
            int untested,
            int failed,
            int scored,
            double replacementScore,
            double completenessScore) {
        static final Bucket NONE = new Bucket(0, 0, 0, 0, 0, 0, 0, 0);

        static Bucket of(@Nullable Trace trace) {
            if (trace == null || trace.imported()) {
                return NONE;
            }
            String verdict =
                    trace.report() == null ? "" : trace.report().verdict().name();
            boolean scored = trace.graph() != null;
            return new Bucket(
                    verdict.equals("SUPPORTED") ? 1 : 0,
                    verdict.equals("MIXED") ? 1 : 0,
                    verdict.equals("UNSUPPORTED") ? 1 : 0,
                    verdict.equals("UNTESTED") ? 1 : 0,
                    trace.state() == State.FAILED ? 1 : 0,
                    scored ? 1 : 0,
                    scored ? trace.graph().replacementScore() : 0,
                    scored ? trace.graph().completenessScore() : 0);
        }

        /** By its counts: of sums that were taken back a rounding may be left. */
        boolean isEmpty() {
            return supported == 0 && mixed == 0 && unsupported == 0 && untested == 0 && failed == 0 && scored == 0;
        }

        Bucket plus(Bucket other, int sign) {
            return new Bucket(
                    supported + sign * other.supported,
                    mixed + sign * other.mixed,
                    unsupported + sign * other.unsupported,
                    untested + sign * other.untested,
                    failed + sign * other.failed,
                    scored + sign * other.scored,
                    replacementScore + sign * other.replacementScore,
                    completenessScore + sign * other.completenessScore);
        }
    }

    /**
     * Counts a trace.
     *
     * @param before null for a new one
     * @param after null for one that is forgotten
     */
    public static void change(Step step, @Nullable Trace before, @Nullable Trace after) {
        if (before != null) {
            add(step, before.submission().at(), Bucket.of(before), -1);
        }
        if (after != null) {
            add(step, after.submission().at(), Bucket.of(after), 1);
        }
    }

    private static void add(Step step, long at, Bucket bucket, int sign) {
        byte[] key = Key.of(BUCKET).number(at / MINUTE).end();
        byte[] known = step.get(key);
        Bucket before = known == null ? Bucket.NONE : Json.read(known, Bucket.class);
        Bucket after = before.plus(bucket, sign);
        if (!after.isEmpty()) {
            step.put(key, Json.bytes(after));
        } else if (known != null) {
            step.delete(key);
        }
    }

    /** By the time at which they begin; of one hour each when minutes would be many. */
    public static Map<Long, Bucket> read(Reader from) {
        TreeMap<Long, Bucket> minutes = new TreeMap<>();
        from.ascend(Key.of(BUCKET).end(), (key, value) -> {
            Bucket bucket = Json.read(value, Bucket.class);
            if (!bucket.isEmpty()) {
                minutes.put(Key.numberAt(key, 1) * MINUTE, bucket);
            }
            return true;
        });
        if (minutes.isEmpty() || minutes.lastKey() - minutes.firstKey() <= MOST_IN_MINUTES) {
            return minutes;
        }
        Map<Long, Bucket> hours = new TreeMap<>();
        minutes.forEach((minute, bucket) -> hours.merge(minute / HOUR * HOUR, bucket, (a, b) -> a.plus(b, 1)));
        return hours;
    }
}
