package io.circuitstream.dashboard.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitstream.dashboard.annotations.AnnotationTable;
import io.circuitstream.dashboard.json.EventReader;
import io.circuitstream.dashboard.json.FieldException;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.reading.Steps;
import io.circuitstream.dashboard.store.Store;
import io.circuitstream.events.CircuitAnnotations;
import io.circuitstream.events.Topics.Event;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/**
 * Changes annotations, one after the other for each circuit: of two changes of the same revision the second is refused, whether they
 * came to this instance or to two, because every instance takes the first of them in the topic. Thread-safe.
 */
public final class Annotator {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LOCKS = 64;
    private static final Set<String> FIELDS = Set.of("baseRevision", "pins", "supernodes", "labels", "author");

    private final Store store;
    private final EventProducer producer;
    private final Steps steps;
    private final Object[] locks = new Object[LOCKS];

    public Annotator(Store store, EventProducer producer, Steps steps) {
        this.store = store;
        this.producer = producer;
        this.steps = steps;
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new Object();
        }
    }

    /**
     * The new revision, once it can be read here.
     *
     * @throws FieldException naming the field that is wrong
     * @throws StaleException when {@code baseRevision} is not the current one
     */
    public int put(String promptId, JsonNode json) {
        JsonNode base = json.path("baseRevision");
        if (!base.isIntegralNumber() || !base.canConvertToInt() || base.intValue() < 0) {
            throw new FieldException("baseRevision", "must be the revision that was changed, 0 for none");
        }
        CircuitAnnotations event = event(promptId, base.intValue() + 1, json);
        synchronized (locks[Math.floorMod(promptId.hashCode(), LOCKS)]) {
            requireCurrent(promptId, base.intValue());
            producer.send(Event.ANNOTATIONS, promptId, CircuitAnnotations.class, event);
            awaitOwn(event);
            return event.getRevision();
        }
    }

    private static CircuitAnnotations event(String promptId, int revision, JsonNode json) {
        json.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw new FieldException(name, "is not known");
            }
        });
        var fields = Json.object()
                .put("promptId", promptId)
                .put("revision", revision)
                .put("time", 0);
        for (String name : Set.of("pins", "supernodes", "labels", "author")) {
            if (json.hasNonNull(name)) {
                fields.set(name, json.path(name));
            }
        }
        CircuitAnnotations event = EventReader.record(fields, CircuitAnnotations.class, "annotations");
        event.setTime(Instant.now().truncatedTo(ChronoUnit.MILLIS));
        return event;
    }

    private void requireCurrent(String promptId, int base) {
        int current = AnnotationTable.revision(store, promptId);
        if (current != base) {
            throw new StaleException(current);
        }
    }

    private void awaitOwn(CircuitAnnotations event) {
        String promptId = event.getPromptId();
        try {
            boolean seen =
                    steps.await(() -> AnnotationTable.revision(store, promptId) >= event.getRevision(), PATIENCE);
            if (!seen) {
                throw new CommandException("the change was sent but is not confirmed yet: read it again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
        if (!AnnotationTable.isCurrent(store, event)) {
            throw new StaleException(AnnotationTable.revision(store, promptId));
        }
    }
}
