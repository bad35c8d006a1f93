package io.circuitstream.dashboard.reading;

import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.AuditCheckpoint;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.events.BehaviourSummary;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitAnnotations;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.FeatureLabel;
import io.circuitstream.events.GraphImported;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.StageProgress;
import io.circuitstream.events.SteeringCompleted;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.TrainingProgress;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.platform.stream.ServiceContext;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** The events that the dashboard reads, and from their bytes to them. Thread-safe. */
public final class EventTypes {
    private static final Map<Event, Class<? extends SpecificRecord>> TYPES = new EnumMap<>(Map.ofEntries(
            Map.entry(Event.PROMPTS, PromptSubmitted.class),
            Map.entry(Event.INFERENCES, InferenceCompleted.class),
            Map.entry(Event.GRAPHS, AttributionGraph.class),
            Map.entry(Event.CIRCUITS, Circuit.class),
            Map.entry(Event.VALIDATIONS, ValidationReport.class),
            Map.entry(Event.FEATURES, FeatureDescription.class),
            Map.entry(Event.LABELS, FeatureLabel.class),
            Map.entry(Event.PROGRESS, StageProgress.class),
            Map.entry(Event.TRAINING, TrainingProgress.class),
            Map.entry(Event.STEERED, SteeringCompleted.class),
            Map.entry(Event.ANNOTATIONS, CircuitAnnotations.class),
            Map.entry(Event.IMPORTS, GraphImported.class),
            Map.entry(Event.FINDINGS, AuditFinding.class),
            Map.entry(Event.CHECKPOINTS, AuditCheckpoint.class),
            Map.entry(Event.BEHAVIOURS, BehaviourSummary.class)));

    private final Map<Event, Deserializer<? extends SpecificRecord>> deserializers = new EnumMap<>(Event.class);
    private final ServiceContext context;

    public EventTypes(ServiceContext context) {
        this.context = context;
        TYPES.forEach(
                (event, type) -> deserializers.put(event, context.serde(type).deserializer()));
    }

    /** The topics that it reads. */
    public static Set<Event> read() {
        return Set.copyOf(TYPES.keySet());
    }

    /**
     * The event of bytes in the wire format.
     *
     * @throws org.apache.kafka.common.errors.SerializationException when they are none
     * @throws org.apache.kafka.common.errors.RetriableException when the registry is away
     */
    public SpecificRecord decode(Event topic, byte[] bytes) {
        return deserializers.get(topic).deserialize(context.topic(topic), bytes);
    }
}
