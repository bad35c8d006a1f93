package io.circuitstream.inference;

import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.SteeringCompleted;
import io.circuitstream.events.SteeringRequested;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.stream.ServiceContext;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;

/** prompts → {@link InferenceStage} → inferences; steerings → {@link SteeringStage} → steered. */
public final class InferenceTopology {
    private InferenceTopology() {}

    public static Topology of(ServiceContext service, InferenceStage stage, SteeringStage steering) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(
                        service.topic(Event.PROMPTS),
                        Consumed.with(Serdes.String(), service.received(PromptSubmitted.class))
                                .withName("prompts"))
                .processValues(service.processor(stage, Event.INFERENCES, InferenceCompleted.class), Named.as("infer"))
                .to(
                        service.topic(Event.INFERENCES),
                        Produced.with(Serdes.String(), service.serde(InferenceCompleted.class))
                                .withName("inferences"));
        builder.stream(
                        service.topic(Event.STEERINGS),
                        Consumed.with(Serdes.String(), service.received(SteeringRequested.class))
                                .withName("steerings"))
                .processValues(service.processor(steering, Event.STEERED, SteeringCompleted.class), Named.as("steer"))
                .to(
                        service.topic(Event.STEERED),
                        Produced.with(Serdes.String(), service.serde(SteeringCompleted.class))
                                .withName("steered"));
        return builder.build();
    }
}
