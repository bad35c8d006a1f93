package io.circuitstream.audit.behaviour;

import io.circuitstream.audit.CandidateFinding;
import io.circuitstream.audit.DriftLimits;
import io.circuitstream.audit.behaviour.digest.Arrival;
import io.circuitstream.audit.behaviour.digest.ArrivalSerde;
import io.circuitstream.audit.behaviour.digest.CircuitDigests;
import io.circuitstream.audit.behaviour.digest.TrustDigest;
import io.circuitstream.audit.behaviour.vector.CircuitVectors;
import io.circuitstream.events.BehaviourSummary;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitVector;
import io.circuitstream.events.Status;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.stream.ServiceContext;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * circuits → vectors; circuits, validations → {@link Observer} → digests by scan → {@link BehaviourProcessor} → behaviours →
 * {@link DriftFindings}.
 */
public final class BehaviourTopology {
    private BehaviourTopology() {}

    /**
     * Adds vectors and windows to the topology of those streams.
     *
     * @param circuits of all prompts, key promptId, timestamps those of the prompts
     * @param rules in force when a window closes
     * @return drifts, key scan
     */
    public static KStream<String, CandidateFinding> add(
            ServiceContext service,
            KStream<String, Received<Circuit>> circuits,
            KStream<String, Received<ValidationReport>> validations,
            Supplier<List<DriftLimits>> rules) {
        vectors(service, circuits);
        KStream<String, BehaviourSummary> summaries = circuits.process(
                        () -> new Observer<>(0, Circuit::getProvenance, CircuitDigests::of),
                        Named.as("behaviour-circuits"))
                .merge(
                        validations.process(
                                () -> new Observer<>(1, ValidationReport::getProvenance, TrustDigest::of),
                                Named.as("behaviour-validations")),
                        Named.as("behaviour-merge"))
                .repartition(Repartitioned.with(Serdes.String(), ArrivalSerde.create())
                        .withName("behaviour-digests"))
                .process(processor(service), Named.as("behaviour-windows"));
        summaries.to(
                service.topic(Event.BEHAVIOURS),
                Produced.with(Serdes.String(), service.result(Event.BEHAVIOURS, BehaviourSummary.class))
                        .withName("behaviours"));
        return summaries.flatMapValues(summary -> DriftFindings.of(summary, rules.get()), Named.as("behaviour-drift"));
    }

    private static void vectors(ServiceContext service, KStream<String, Received<Circuit>> circuits) {
        circuits.filter((prompt, circuit) -> circuit.event().getStatus() == Status.OK, Named.as("vector-circuits"))
                .mapValues(CircuitVectors::of, Named.as("vector"))
                .to(
                        service.topic(Event.VECTORS),
                        Produced.with(Serdes.String(), service.result(Event.VECTORS, CircuitVector.class))
                                .withName("vectors"));
    }

    private static ProcessorSupplier<String, Arrival, String, BehaviourSummary> processor(ServiceContext service) {
        BehaviourMetrics metrics = new BehaviourMetrics(service.registry());
        return new ProcessorSupplier<>() {
            @Override
            public Processor<String, Arrival, String, BehaviourSummary> get() {
                return new BehaviourProcessor(service.settings(), metrics);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return BehaviourStores.all();
            }
        };
    }
}
