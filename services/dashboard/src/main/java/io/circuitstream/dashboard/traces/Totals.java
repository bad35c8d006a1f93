package io.circuitstream.dashboard.traces;

import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.store.Key;
import io.circuitstream.dashboard.store.Reader;
import io.circuitstream.dashboard.store.Step;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sums over all traces.
 *
 * @param versions of the code that computed results, with the time of the newest
 * @param models that results were computed with, by scan; newest last
 */
public record Totals(int traces, int running, int failed, Map<String, Long> versions, Map<String, SeenModel> models) {
    private static final byte[] KEY = Key.of('M').end("totals");
    private static final int MOST_NAMED = 50;
    private static final Totals NONE = new Totals(0, 0, 0, Map.of(), Map.of());

    /** A model with its transcoder. */
    public record SeenModel(String name, String hash, int layers) {}

    public static Totals read(Reader from) {
        byte[] bytes = from.get(KEY);
        return bytes == null ? NONE : Json.read(bytes, Totals.class);
    }

    public void write(Step step) {
        step.put(KEY, Json.bytes(this));
    }

    /**
     * With one trace changed.
     *
     * @param before null for a new one
     * @param after null for one that is removed
     */
    public Totals changed(@Nullable Trace before, @Nullable Trace after) {
        return new Totals(
                traces + (after == null ? 0 : 1) - (before == null ? 0 : 1),
                running + in(State.RUNNING, after) - in(State.RUNNING, before),
                failed + in(State.FAILED, after) - in(State.FAILED, before),
                versions(after),
                models(after));
    }

    private static int in(State state, @Nullable Trace trace) {
        return trace != null && trace.state() == state ? 1 : 0;
    }

    private Map<String, Long> versions(@Nullable Trace trace) {
        if (trace == null || trace.model() == null || trace.imported()) {
            return versions;
        }
        Map<String, Long> seen = new LinkedHashMap<>(versions);
        seen.merge(trace.model().codeVersion(), trace.updatedAt(), Math::max);
        return bounded(seen);
    }

    private Map<String, SeenModel> models(@Nullable Trace trace) {
        if (trace == null || trace.model() == null || trace.inference() == null || trace.imported()) {
            return models;
        }
        Map<String, SeenModel> seen = new LinkedHashMap<>(models);
        Model model = trace.model();
        seen.put(
                model.scan(),
                new SeenModel(model.name(), model.hash(), trace.inference().layers()));
        return bounded(seen);
    }

    private static <V> Map<String, V> bounded(Map<String, V> map) {
        if (map.size() > MOST_NAMED) {
            map.remove(map.keySet().iterator().next());
        }
        return map;
    }
}
