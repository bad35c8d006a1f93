package io.circuitstream.validation;

import io.circuitstream.events.Circuit;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.platform.stream.ServiceContext;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;

/** circuits → {@link ValidationStage} → validations. */
public final class ValidationTopology {
    private ValidationTopology() {}

    public static Topology of(ServiceContext service, ValidationStage stage) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(
                        service.topic(Event.CIRCUITS),
                        Consumed.with(Serdes.String(), service.received(Circuit.class))
                                .withName("circuits"))
                .processValues(
                        service.processor(stage, Event.VALIDATIONS, ValidationReport.class), Named.as("validate"))
                .to(
                        service.topic(Event.VALIDATIONS),
                        Produced.with(Serdes.String(), service.serde(ValidationReport.class))
                                .withName("validations"));
        return builder.build();
    }
}
