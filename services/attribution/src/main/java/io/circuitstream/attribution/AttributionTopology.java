package io.circuitstream.attribution;

import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.stream.ServiceContext;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;

/** inferences → {@link AttributionStage} → graphs. */
public final class AttributionTopology {
    private AttributionTopology() {}

    public static Topology of(ServiceContext service, AttributionStage stage) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(
                        service.topic(Event.INFERENCES),
                        Consumed.with(Serdes.String(), service.received(InferenceCompleted.class))
                                .withName("inferences"))
                .processValues(service.processor(stage, Event.GRAPHS, AttributionGraph.class), Named.as("attribute"))
                .to(
                        service.topic(Event.GRAPHS),
                        Produced.with(Serdes.String(), service.serde(AttributionGraph.class))
                                .withName("graphs"));
        return builder.build();
    }
}
