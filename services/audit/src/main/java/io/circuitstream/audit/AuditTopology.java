package io.circuitstream.audit;

import io.circuitstream.audit.behaviour.BehaviourTopology;
import io.circuitstream.audit.chain.ChainWriter;
import io.circuitstream.audit.chain.SigningKey;
import io.circuitstream.audit.chain.SigningPolicy;
import io.circuitstream.audit.detection.Detection;
import io.circuitstream.audit.rules.RuleSource;
import io.circuitstream.events.AuditCheckpoint;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.SteeringCompleted;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ServiceContext;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;

/**
 * prompts, inferences, circuits, validations, steered (and features for labels) → {@link Detection}, {@link BehaviourTopology} →
 * candidates → {@link ChainWriter} → findings, checkpoints. Candidates pass a topic of their own, so that each chain has one writer: partition n of it is chain n.
 */
public final class AuditTopology {
    private AuditTopology() {}

    /** The whole service. */
    public static Topology of(ServiceContext service, RuleSource rules, SigningKey key, AuditMetrics metrics) {
        StreamsBuilder builder = new StreamsBuilder();
        KStream<String, Received<Circuit>> circuits = read(builder, service, Event.CIRCUITS, Circuit.class)
                .peek((id, circuit) -> CircuitCheck.check(circuit.event()), Named.as("circuits-consistent"));
        KStream<String, Received<ValidationReport>> validations =
                read(builder, service, Event.VALIDATIONS, ValidationReport.class);
        Detection detection = new Detection(rules::current, metrics);
        KStream<String, CandidateFinding> candidates = detection
                .circuits(builder, service.topic(Event.FEATURES), service.serde(FeatureDescription.class), circuits)
                .merge(detection.validations(validations), Named.as("with-trust"))
                .merge(
                        detection.steered(read(builder, service, Event.STEERED, SteeringCompleted.class)),
                        Named.as("with-steering"))
                .merge(
                        detection.stages(
                                read(builder, service, Event.PROMPTS, PromptSubmitted.class),
                                read(builder, service, Event.INFERENCES, InferenceCompleted.class),
                                circuits,
                                validations,
                                service.settings().get(AuditSettings.LATE_LIMIT)),
                        Named.as("with-stages"));
        KStream<String, CandidateFinding> drifts = BehaviourTopology.add(
                service, circuits, validations, () -> rules.current().drift());
        chain(service, candidates.merge(drifts, Named.as("with-drift")), key, metrics);
        return builder.build();
    }

    private static <T extends SpecificRecord> KStream<String, Received<T>> read(
            StreamsBuilder builder, ServiceContext service, Event event, Class<T> type) {
        return builder.stream(
                        service.topic(event),
                        Consumed.with(Serdes.String(), service.received(type)).withName(event.shortName()))
                .peek(AuditTopology::complete, Named.as(event.shortName() + "-complete"));
    }

    /** One dead letter, where each of several readers would make its own. */
    private static void complete(String key, Object value) {
        if (key == null || value == null) {
            throw new IllegalArgumentException("record without a " + (key == null ? "key" : "value"));
        }
    }

    private static void chain(
            ServiceContext service,
            KStream<String, CandidateFinding> candidates,
            SigningKey key,
            AuditMetrics metrics) {
        Serde<AuditFinding> findings = service.result(Event.FINDINGS, AuditFinding.class);
        Settings settings = service.settings();
        SigningPolicy policy = new SigningPolicy(
                settings.get(AuditSettings.CHECKPOINT_FINDINGS),
                settings.get(AuditSettings.CHECKPOINT_DELAY),
                settings.get(AuditSettings.CHECKPOINT_HEARTBEAT));
        String topic = service.topic(Event.FINDINGS);
        KStream<String, SpecificRecord> written = candidates
                .repartition(Repartitioned.with(Serdes.String(), CandidateSerde.of(findings, topic))
                        .withName("candidates"))
                .process(ChainWriter.supplier(topic, key, policy, metrics::written), Named.as("chain"));
        written.filter((id, event) -> event instanceof AuditFinding, Named.as("is-finding"))
                .mapValues(AuditFinding.class::cast, Named.as("as-finding"))
                .processValues(service.headers(), Named.as("finding-headers"))
                .to(
                        topic,
                        Produced.with(Serdes.String(), findings)
                                .withStreamPartitioner((to, id, finding, count) -> only(finding.getPartition()))
                                .withName("findings"));
        written.filter((id, event) -> event instanceof AuditCheckpoint, Named.as("is-checkpoint"))
                .mapValues(AuditCheckpoint.class::cast, Named.as("as-checkpoint"))
                .processValues(service.headers(), Named.as("checkpoint-headers"))
                .to(
                        service.topic(Event.CHECKPOINTS),
                        Produced.with(Serdes.String(), service.result(Event.CHECKPOINTS, AuditCheckpoint.class))
                                .withStreamPartitioner((to, id, checkpoint, count) -> only(checkpoint.getPartition()))
                                .withName("checkpoints"));
    }

    private static Optional<Set<Integer>> only(int partition) {
        return Optional.of(Set.of(partition));
    }
}
