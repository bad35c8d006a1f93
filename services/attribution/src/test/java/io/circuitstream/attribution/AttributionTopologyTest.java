package io.circuitstream.attribution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.AttributionSettings;
import io.circuitstream.events.EventSource;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.Status;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.serde.EventDigest;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.testkit.GoldenTopology;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttributionTopologyTest {
    @TempDir
    Path folder;

    private TraceableModel model;
    private EmbeddedRegistry registry;
    private ServiceContext service;
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> inferences;
    private TestOutputTopic<byte[], byte[]> graphs;
    private TestOutputTopic<byte[], byte[]> deadLetters;

    @BeforeEach
    void start() throws IOException {
        model = Inferences.model(folder);
        registry = EmbeddedRegistry.start(folder.resolve("registry"), 0);
        Settings settings = Settings.of(
                CommonSettings.all(),
                Map.of(
                        CommonSettings.REGISTRY_URL.key(), registry.url(),
                        CommonSettings.STATE_DIR.key(), folder.resolve("state").toString()));
        service = ServiceContext.of("attribution", settings, event -> {});
        driver = new TopologyTestDriver(
                AttributionTopology.of(service, new AttributionStage(model)), service.streamProperties());
        inferences = driver.createInputTopic(
                service.topic(Event.INFERENCES), new ByteArraySerializer(), new ByteArraySerializer());
        graphs = output(service.topic(Event.GRAPHS));
        deadLetters = output(service.deadLetterTopic());
    }

    @AfterEach
    void stop() {
        driver.close();
        service.close();
        registry.close();
        model.close();
    }

    @Test
    void shouldKeepTheReviewedTopology() throws Exception {
        GoldenTopology.check(AttributionTopology.of(service, new AttributionStage(model)));
    }

    @Test
    void shouldWriteAGraphWhenTheInputIsOk() {
        InferenceCompleted input = Inferences.ok(model).build();

        pipe("p1", input);

        var record = graphs.readRecord();
        AttributionGraph result = event(record.value());
        assertThat(record.key()).isEqualTo("p1".getBytes(UTF_8));
        assertThat(result.getStatus()).isEqualTo(Status.OK);
        assertThat(result.getTargets()).isNotEmpty();
        assertThat(result.getRequest()).isEqualTo(input.getRequest());
        assertThat(result.getProvenance().getSource())
                .isEqualTo(new EventSource("inferences", EventDigest.sha256(input)));
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void shouldPassOnTheMessageWhenAnEarlierStageFailed() {
        InferenceCompleted failed = Inferences.ok(model)
                .setStatus(Status.FAILED)
                .setMessage("the prompt has 99 tokens, the limit is 64")
                .build();

        pipe("p1", failed);

        AttributionGraph result = event(graphs.readValue());
        assertThat(result.getStatus()).isEqualTo(Status.FAILED);
        assertThat(result.getMessage()).isEqualTo("the prompt has 99 tokens, the limit is 64");
        assertThat(result.getProvenance().getSource().getSha256()).isEqualTo(EventDigest.sha256(failed));
        assertThat(result.getTargets()).isEmpty();
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void shouldWriteAFailedResultWhenTheSettingsAreBad() {
        pipe(
                "p1",
                Inferences.ok(
                                model,
                                AttributionSettings.newBuilder().setMaxLogits(0).build())
                        .build());

        AttributionGraph result = event(graphs.readValue());
        assertThat(result.getStatus()).isEqualTo(Status.FAILED);
        assertThat(result.getMessage()).isEqualTo("attribution settings: max logits is 0, must be at least 1");
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void shouldWriteTheSameBytesWhenTheInputComesAgain() {
        pipe("p1", Inferences.ok(model).build());
        pipe("p1", Inferences.ok(model).build());

        byte[] first = graphs.readValue();
        assertThat(event(first).getStatus()).isEqualTo(Status.OK);
        assertThat(graphs.readValue()).isEqualTo(first);
    }

    @Test
    void shouldMakeADeadLetterAndGoOnWhenTheInputIsBroken() {
        byte[] broken = bytes(Inferences.ok(model).setTokenIds(List.of()).build());

        inferences.pipeInput("p1".getBytes(UTF_8), broken);
        pipe("p2", Inferences.ok(model).setPromptId("p2").build());

        assertThat(deadLetters.readValue()).isEqualTo(broken);
        assertThat(event(graphs.readValue()).getPromptId()).isEqualTo("p2");
        assertThat(graphs.isEmpty()).isTrue();
    }

    private void pipe(String key, InferenceCompleted event) {
        inferences.pipeInput(key.getBytes(UTF_8), bytes(event));
    }

    private byte[] bytes(InferenceCompleted event) {
        return service.serde(InferenceCompleted.class).serializer().serialize(service.topic(Event.INFERENCES), event);
    }

    private AttributionGraph event(byte[] bytes) {
        return service.serde(AttributionGraph.class).deserializer().deserialize(service.topic(Event.GRAPHS), bytes);
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
