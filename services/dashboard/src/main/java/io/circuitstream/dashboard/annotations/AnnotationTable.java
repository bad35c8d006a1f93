package io.circuitstream.dashboard.annotations;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.dashboard.json.EventJson;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.store.Key;
import io.circuitstream.dashboard.store.Reader;
import io.circuitstream.dashboard.store.Step;
import io.circuitstream.events.CircuitAnnotations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The annotations of each circuit with what the last changes were. */
public final class AnnotationTable {
    private static final char CURRENT = 'A';
    private static final char HISTORY = 'a';
    private static final int MOST_REVISIONS = 100;

    private AnnotationTable() {}

    /** {@code revision}, {@code pins}, {@code supernodes}, {@code labels}, {@code author}, {@code at}; empty when there are none. */
    public static Optional<ObjectNode> find(Reader from, String promptId) {
        return Optional.ofNullable(from.get(Key.of(CURRENT).end(promptId)))
                .map(bytes -> Json.read(bytes, ObjectNode.class));
    }

    /** 0 when there are none. */
    public static int revision(Reader from, String promptId) {
        return find(from, promptId)
                .map(json -> json.path("revision").intValue())
                .orElse(0);
    }

    /** {@code revision}, {@code author}, {@code at}, {@code summary} of each change, newest first. */
    public static ArrayNode history(Reader from, String promptId) {
        List<ObjectNode> entries = new ArrayList<>();
        from.ascend(Key.of(HISTORY).text(promptId).end(), (key, value) -> {
            entries.add(0, Json.read(value, ObjectNode.class));
            return true;
        });
        ArrayNode history = Json.MAPPER.createArrayNode();
        history.addAll(entries);
        return history;
    }

    /** Takes the change, unless it was made on a revision that was changed before: the first of two wins, for every reader. */
    public static boolean apply(Step step, CircuitAnnotations event) {
        Optional<ObjectNode> before = find(step, event.getPromptId());
        if (event.getRevision() <= revision(step, event.getPromptId())) {
            return false;
        }
        ObjectNode json = json(event);
        step.put(Key.of(CURRENT).end(event.getPromptId()), Json.bytes(json));
        ObjectNode entry = Json.object()
                .put("revision", event.getRevision())
                .put("author", event.getAuthor())
                .put("at", event.getTime().toEpochMilli())
                .put("summary", Difference.between(before.orElseGet(Json::object), json));
        step.put(revisionKey(event.getPromptId(), event.getRevision()), Json.bytes(entry));
        if (event.getRevision() > MOST_REVISIONS) {
            step.delete(revisionKey(event.getPromptId(), event.getRevision() - MOST_REVISIONS));
        }
        return true;
    }

    private static ObjectNode json(CircuitAnnotations event) {
        ObjectNode json = EventJson.tree(event);
        json.remove("promptId");
        json.set("at", json.remove("time"));
        return json;
    }

    /** Whether this very change is the newest; another may have taken its place in the topic, or come after it. */
    public static boolean isCurrent(Reader from, CircuitAnnotations event) {
        ObjectNode stored = find(from, event.getPromptId()).orElseGet(Json::object);
        return stored.path("revision").intValue() > event.getRevision()
                || stored.equals(Json.read(Json.bytes(json(event)), ObjectNode.class));
    }

    public static void remove(Step step, String promptId) {
        step.delete(Key.of(CURRENT).end(promptId));
        List<byte[]> keys = new ArrayList<>();
        step.ascend(Key.of(HISTORY).text(promptId).end(), (key, value) -> keys.add(key));
        keys.forEach(step::delete);
    }

    private static byte[] revisionKey(String promptId, int revision) {
        return Key.of(HISTORY).text(promptId).number(revision).end();
    }
}
