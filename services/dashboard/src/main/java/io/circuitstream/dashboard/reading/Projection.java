package io.circuitstream.dashboard.reading;

import io.circuitstream.dashboard.annotations.AnnotationTable;
import io.circuitstream.dashboard.features.FeatureKey;
import io.circuitstream.dashboard.features.FeatureTable;
import io.circuitstream.dashboard.json.EventJson;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.live.Audience;
import io.circuitstream.dashboard.live.EventLog;
import io.circuitstream.dashboard.live.LiveEvent;
import io.circuitstream.dashboard.store.Step;
import io.circuitstream.dashboard.traces.EventTable;
import io.circuitstream.dashboard.traces.SummaryJson;
import io.circuitstream.dashboard.traces.Trace;
import io.circuitstream.dashboard.traces.TraceTable;
import io.circuitstream.dashboard.training.TrainingTable;
import io.circuitstream.events.CircuitAnnotations;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.FeatureLabel;
import io.circuitstream.events.LabelSource;
import io.circuitstream.events.StageProgress;
import io.circuitstream.events.SteeringCompleted;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.TrainingProgress;
import java.util.Locale;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What each record does to the store. Everything it writes is a part of the step, so that a record counts once. For one thread. */
final class Projection {
    /** Progress that is older is of no use to anybody who watches. */
    private static final long LIVE_MILLIS = 60_000;

    private final EventLog log;
    private final TraceProjection traces;
    private final AuditProjection audit;

    Projection(EventLog log, TraceProjection traces, AuditProjection audit) {
        this.log = log;
        this.traces = traces;
        this.audit = audit;
    }

    /** @param event null when the record takes its key back */
    void apply(
            Step step,
            Event topic,
            ConsumerRecord<String, byte[]> record,
            @Nullable SpecificRecord event,
            Changed changed) {
        if (event == null) {
            removed(step, topic, record, changed);
            return;
        }
        switch (topic) {
            case PROMPTS, INFERENCES, GRAPHS, CIRCUITS, VALIDATIONS, IMPORTS ->
                traces.apply(step, topic, record, event, changed);
            case FEATURES -> describe(step, (FeatureDescription) event, record.value(), changed);
            case LABELS -> label(step, (FeatureLabel) event, changed);
            case PROGRESS -> progress(step, record, (StageProgress) event, changed);
            case TRAINING -> training(step, record, (TrainingProgress) event, changed);
            case STEERED -> steered(step, (SteeringCompleted) event, record.value(), changed);
            case ANNOTATIONS -> annotate(step, (CircuitAnnotations) event, changed);
            case FINDINGS, CHECKPOINTS, BEHAVIOURS -> audit.apply(step, record, event, changed);
            case STEERINGS, VECTORS -> {} // not read
        }
    }

    /** At the end of a step: what became of the traces that it changed. */
    void finish(Step step, Changed changed) {
        changed.traces.forEach((promptId, trace) ->
                changed.events.add(log.add(step, "trace", audience(trace), Json.bytes(SummaryJson.of(trace)))));
    }

    private static Audience audience(Trace trace) {
        return Audience.of(trace.submission().tenant());
    }

    /** Of a prompt that was not read yet nobody knows whose it is. */
    private static Audience audience(Step step, String promptId) {
        return TraceTable.find(step, promptId).map(Projection::audience).orElse(Audience.OF_ALL_TENANTS);
    }

    private void removed(Step step, Event topic, ConsumerRecord<String, byte[]> record, Changed changed) {
        String key = record.key();
        if (topic == Event.FINDINGS) {
            AuditProjection.foreign(step, record);
        } else if (topic == Event.ANNOTATIONS) {
            AnnotationTable.remove(step, key);
        } else if (topic == Event.LABELS
                && key.endsWith("/" + LabelSource.PERSON.name().toLowerCase(Locale.ROOT))) {
            String[] parts = key.split("/", -1);
            FeatureKey feature = new FeatureKey(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
            changed.rows.add(FeatureTable.name(step, feature, null));
            labelled(step, feature, "", changed);
        }
    }

    private static void describe(Step step, FeatureDescription event, byte[] bytes, Changed changed) {
        FeatureKey key = new FeatureKey(event.getScan(), event.getLayer(), event.getFeature());
        changed.rows.add(FeatureTable.describe(step, key, event, bytes));
    }

    /** A language model's label comes with the description that it is for. */
    private void label(Step step, FeatureLabel event, Changed changed) {
        if (event.getSource() == LabelSource.PERSON) {
            FeatureKey key = new FeatureKey(event.getScan(), event.getLayer(), event.getFeature());
            changed.rows.add(FeatureTable.name(step, key, event.getLabel()));
            labelled(step, key, event.getLabel(), changed);
        }
    }

    private void labelled(Step step, FeatureKey key, String label, Changed changed) {
        byte[] json = Json.bytes(Json.object()
                .put("scan", key.scan())
                .put("layer", key.layer())
                .put("feature", key.feature())
                .put("label", label));
        changed.events.add(log.add(step, "label", Audience.EVERYBODY, json));
    }

    private static void progress(
            Step step, ConsumerRecord<String, byte[]> record, StageProgress event, Changed changed) {
        if (isLive(record)) {
            Audience audience = audience(step, event.getPromptId());
            changed.events.add(LiveEvent.passing("progress", audience, Json.bytes(EventJson.tree(event))));
        }
    }

    private static void training(
            Step step, ConsumerRecord<String, byte[]> record, TrainingProgress event, Changed changed) {
        byte[] json = Json.bytes(TrainingTable.apply(step, event));
        if (isLive(record)) {
            changed.events.add(LiveEvent.passing("training", Audience.EVERYBODY, json));
        }
    }

    private static boolean isLive(ConsumerRecord<String, byte[]> record) {
        return System.currentTimeMillis() - record.timestamp() < LIVE_MILLIS;
    }

    private void steered(Step step, SteeringCompleted event, byte[] bytes, Changed changed) {
        EventTable.putSteered(step, event.getRequestId(), bytes);
        Audience audience = Audience.of(event.getRequest().getPrompt().getTenant());
        byte[] json = Json.bytes(Json.object()
                .put("requestId", event.getRequestId())
                .put("status", event.getStatus().name()));
        changed.events.add(log.add(step, "steered", audience, json));
    }

    private void annotate(Step step, CircuitAnnotations event, Changed changed) {
        if (AnnotationTable.apply(step, event)) {
            byte[] json = Json.bytes(
                    Json.object().put("promptId", event.getPromptId()).put("revision", event.getRevision()));
            changed.events.add(log.add(step, "annotations", audience(step, event.getPromptId()), json));
        }
    }
}
