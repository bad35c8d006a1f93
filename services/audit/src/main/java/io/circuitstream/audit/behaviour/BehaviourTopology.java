package io.circuitstream.audit.behaviour;

import io.circuitstream.audit.CandidateFinding;
import io.circuitstream.audit.DriftLimits;
import io.circuitstream.audit.behaviour.digest.Beat;
import io.circuitstream.audit.behaviour.digest.CircuitDigests;
import io.circuitstream.audit.behaviour.digest.Message;
import io.circuitstream.audit.behaviour.digest.MessageSerde;
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
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * circuits → vectors; circuits, validations → {@link Observer} → digests by scan, beats for all → {@link BehaviourProcessor} → behaviours →
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
        return add(service, circuits, validations, rules, partition -> new BrokerLookahead(service, partition));
    }

    static KStream<String, CandidateFinding> add(
            ServiceContext service,
            KStream<String, Received<Circuit>> circuits,
            KStream<String, Received<ValidationReport>> validations,
            Supplier<List<DriftLimits>> rules,
            Lookahead.Source ahead) {
        vectors(service, circuits);
        long quiet = BehaviourSettings.times(service.settings()).quiet();
        KStream<String, Message> seen = circuits.process(
                () -> new Observer<>(
                        0, service.topic(Event.CIRCUITS), quiet, ahead, Circuit::getProvenance, CircuitDigests::of),
                Named.as("behaviour-circuits"));
        KStream<String, Message> validated = validations.process(
                () -> new Observer<>(
                        1,
                        service.topic(Event.VALIDATIONS),
                        quiet,
                        ahead,
                        ValidationReport::getProvenance,
                        TrustDigest::of),
                Named.as("behaviour-validations"));
        KStream<String, BehaviourSummary> summaries = seen.merge(validated, Named.as("behaviour-merge"))
                .repartition(Repartitioned.with(Serdes.String(), MessageSerde.create())
                        .withName("behaviour-digests")
                        .withStreamPartitioner(BehaviourTopology::owners))
                .process(processor(service), Named.as("behaviour-windows"));
        summaries
                .processValues(service.headers(), Named.as("behaviour-headers"))
                .to(
                        service.topic(Event.BEHAVIOURS),
                        Produced.with(Serdes.String(), service.result(Event.BEHAVIOURS, BehaviourSummary.class))
                                .withName("behaviours"));
        return summaries.flatMapValues(summary -> DriftFindings.of(summary, rules.get()), Named.as("behaviour-drift"));
    }

    /** All for a beat, that of the scan for everything else. */
    private static Optional<Set<Integer>> owners(String topic, String scan, Message message, int partitions) {
        return message instanceof Beat
                ? Optional.of(IntStream.range(0, partitions).boxed().collect(Collectors.toSet()))
                : Optional.empty();
    }

    private static void vectors(ServiceContext service, KStream<String, Received<Circuit>> circuits) {
        circuits.filter((prompt, circuit) -> circuit.event().getStatus() == Status.OK, Named.as("vector-circuits"))
                .mapValues(CircuitVectors::of, Named.as("vector"))
                .processValues(service.headers(), Named.as("vector-headers"))
                .to(
                        service.topic(Event.VECTORS),
                        Produced.with(Serdes.String(), service.result(Event.VECTORS, CircuitVector.class))
                                .withName("vectors"));
    }

    private static ProcessorSupplier<String, Message, String, BehaviourSummary> processor(ServiceContext service) {
        BehaviourMetrics metrics = new BehaviourMetrics(service.registry());
        return new ProcessorSupplier<>() {
            @Override
            public Processor<String, Message, String, BehaviourSummary> get() {
                return new BehaviourProcessor(service.settings(), metrics);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return BehaviourStores.all();
            }
        };
    }
}
