package io.circuitstream.platform.stream;

import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.Status;
import io.circuitstream.events.Topics;
import io.circuitstream.platform.serde.Received;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;

/**
 * A stage that repeats what it got and does what the prompt's text asks for: {@code refuse}, {@code bug}, {@code
 * fatal}, {@code huge}, {@code slow}, {@code deadly} (more memory than there is), {@code broken} (with the system property {@code echo.broken}),
 * {@code outage} (as long as {@link #outages} is above 0).
 */
final class EchoStage implements Stage<InferenceCompleted, InferenceCompleted> {

    static final Topics.Event IN = Topics.Event.INFERENCES;
    static final Topics.Event OUT = Topics.Event.GRAPHS;

    /** What {@code slow} takes at least. */
    static final Duration SLOW = Duration.ofMillis(20);

    private static final int MEGABYTE = 1 << 20;

    final AtomicInteger outages = new AtomicInteger(Integer.MAX_VALUE);

    @Override
    public InferenceCompleted process(Received<InferenceCompleted> input, StageProgressListener progress) {
        progress.advanced(1, 2);
        InferenceCompleted event = input.event();
        switch (String.valueOf(event.getRequest().getText())) {
            case "refuse" -> throw new RequestException("the target 'Austin ' is two tokens: use one");
            case "fatal" -> throw new LinkageError("half of the code is missing");
            case "bug" -> throw new IllegalStateException("boom");
            case "outage" -> {
                if (outages.getAndDecrement() > 0) {
                    throw new UnavailableException("the model store at http://127.0.0.1:1 is away");
                }
            }
            case "slow" -> LockSupport.parkNanos(SLOW.toNanos());
            case "huge" -> {
                return InferenceCompleted.newBuilder(event)
                        .setTokens(List.of("x".repeat(17_000_000)))
                        .build();
            }
            case "broken" -> {
                if (Boolean.getBoolean("echo.broken")) {
                    throw new IllegalStateException("this version is broken");
                }
            }
            case "deadly" -> {
                Object[] all = {};
                while (true) {
                    all = new Object[] {all, new byte[MEGABYTE]};
                }
            }
            default -> progress.advanced(2, 2);
        }
        return InferenceCompleted.newBuilder(event)
                .setWarnings(List.of(input.sha256()))
                .build();
    }

    @Override
    public InferenceCompleted failed(Received<InferenceCompleted> input, String message) {
        return InferenceCompleted.newBuilder(input.event())
                .setStatus(Status.FAILED)
                .setMessage(message)
                .build();
    }

    static Topology topology(ServiceContext service, EchoStage stage) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(
                        service.topic(IN),
                        Consumed.with(Serdes.String(), service.received(InferenceCompleted.class))
                                .withName("inferences"))
                .processValues(service.processor(stage, OUT, InferenceCompleted.class), Named.as("echo"))
                .to(
                        service.topic(OUT),
                        Produced.with(Serdes.String(), service.serde(InferenceCompleted.class))
                                .withName("graphs"));
        return builder.build();
    }

    /** An input with status OK whose prompt has this id and text. */
    static InferenceCompleted input(String promptId, String text) {
        return InferenceCompleted.newBuilder()
                .setPromptId(promptId)
                .setStatus(Status.OK)
                .setRequest(PromptSubmitted.newBuilder()
                        .setPromptId(promptId)
                        .setText(text)
                        .build())
                .setProvenance(Provenance.newBuilder().build())
                .build();
    }
}
