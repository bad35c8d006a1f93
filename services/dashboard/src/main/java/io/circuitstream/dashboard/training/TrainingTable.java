package io.circuitstream.dashboard.training;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.dashboard.json.EventJson;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.store.Key;
import io.circuitstream.dashboard.store.Reader;
import io.circuitstream.dashboard.store.Step;
import io.circuitstream.events.ProgressState;
import io.circuitstream.events.TrainingProgress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Training runs with their curves, of at most about {@link #MOST_POINTS} points each. */
public final class TrainingTable {
    private static final char RUN = 'R';
    private static final char POINT = 'p';
    private static final int MOST_POINTS = 1_000;
    private static final int MOST_RUNS = 500;

    private TrainingTable() {}

    /** Keeps what is newest of the run, and the point when it is far enough from the one before. */
    public static ObjectNode apply(Step step, TrainingProgress event) {
        ObjectNode json = EventJson.tree(event);
        byte[] known = step.get(Key.of(RUN).end(event.getRunId()));
        ObjectNode run = json.deepCopy();
        long place = event.getStep();
        if (isPoint(event, known)) {
            step.put(Key.of(POINT).text(event.getRunId()).number(place).end(), Json.bytes(json));
            run.put("lastPoint", place);
        } else if (known != null) {
            run.set("lastPoint", Json.read(known, ObjectNode.class).path("lastPoint"));
        }
        step.put(Key.of(RUN).end(event.getRunId()), Json.bytes(run));
        return json;
    }

    /** Several trainings of one run begin again at step 0: then every point counts until they pass the last one. */
    private static boolean isPoint(TrainingProgress event, byte @Nullable [] known) {
        if (event.getState() != ProgressState.RUNNING || known == null) {
            return true;
        }
        long last = Json.read(known, ObjectNode.class).path("lastPoint").longValue();
        long apart = Math.max(1, event.getSteps() / MOST_POINTS);
        return event.getStep() < last || event.getStep() >= last + apart;
    }

    /** The newest progress of each run, the newest run first. */
    public static ArrayNode runs(Reader from) {
        List<ObjectNode> runs = new ArrayList<>();
        from.ascend(Key.of(RUN).end(), (key, value) -> {
            ObjectNode run = Json.read(value, ObjectNode.class);
            run.remove("lastPoint");
            runs.add(run);
            return true;
        });
        runs.sort(Comparator.comparingLong(
                        (ObjectNode run) -> run.path("emittedAt").longValue())
                .reversed());
        ArrayNode array = Json.MAPPER.createArrayNode();
        runs.stream().limit(MOST_RUNS).forEach(array::add);
        return array;
    }

    /** The curve of a run by step; empty for a run that is not known. */
    public static ArrayNode points(Reader from, String runId) {
        ArrayNode points = Json.MAPPER.createArrayNode();
        from.ascend(Key.of(POINT).text(runId).end(), (key, value) -> {
            points.add(Json.read(value, ObjectNode.class));
            return true;
        });
        return points;
    }
}
