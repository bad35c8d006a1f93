package io.circuitstream.pruning;

import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.stream.ServiceContext;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;

/** graphs → {@link PruningStage} → circuits. */
public final class PruningTopology {
    private PruningTopology() {}

    public static Topology of(ServiceContext service, PruningStage stage) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(
                        service.topic(Event.GRAPHS),
                        Consumed.with(Serdes.String(), service.received(AttributionGraph.class))
                                .withName("graphs"))
                .processValues(service.processor(stage, Event.CIRCUITS, Circuit.class), Named.as("prune"))
                .to(
                        service.topic(Event.CIRCUITS),
                        Produced.with(Serdes.String(), service.serde(Circuit.class))
                                .withName("circuits"));
        return builder.build();
    }
}
