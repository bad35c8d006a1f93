package io.circuitstream.dashboard.traces;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToLongFunction;

/** How long the last prompts took. Thread-safe. */
public final class Recent {
    private static final int CAPACITY = 500;
    private static final long MINUTE = 60_000;
    /** Prompts whose lengths differ by no more than this share are alike. */
    private static final double LIKE = 0.5;

    private final Deque<Trace> last = new ArrayDeque<>();

    /** Notes a trace that has become complete. */
    public synchronized void completed(Trace trace) {
        if (trace.imported() || trace.state() != State.COMPLETED) {
            return;
        }
        last.removeIf(known -> known.promptId().equals(trace.promptId()));
        last.addLast(trace);
        if (last.size() > CAPACITY) {
            last.removeFirst();
        }
    }

    /** Milliseconds of each stage; stages that none passed are left out. */
    public synchronized Map<Stage, Long> medianMillis() {
        Map<Stage, Long> medians = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            median(last.stream().filter(t -> t.millis(stage).isPresent()).toList(), t -> t.millis(stage)
                            .orElseThrow())
                    .ifPresent(millis -> medians.put(stage, (long) millis));
        }
        return medians;
    }

    /** Seconds from sending to the last result of prompts of about so many tokens; empty when there were none. */
    public synchronized OptionalDouble medianSeconds(int tokens) {
        List<Trace> like = last.stream()
                .filter(t ->
                        t.inference() != null && Math.abs(t.inference().tokens().size() - tokens) <= LIKE * tokens)
                .toList();
        OptionalDouble millis = median(like, t -> t.updatedAt() - t.submission().at());
        return millis.isPresent() ? OptionalDouble.of(millis.getAsDouble() / 1000) : millis;
    }

    /** Prompts that became complete in the minute before. */
    public synchronized int perMinute(long now) {
        return (int) last.stream().filter(t -> now - t.updatedAt() < MINUTE).count();
    }

    private static OptionalDouble median(List<Trace> traces, ToLongFunction<Trace> millis) {
        List<Long> sorted = new ArrayList<>();
        traces.forEach(trace -> sorted.add(millis.applyAsLong(trace)));
        sorted.sort(null);
        return sorted.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(sorted.get(sorted.size() / 2));
    }
}
