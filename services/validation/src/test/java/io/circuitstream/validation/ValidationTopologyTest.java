package io.circuitstream.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.EventSource;
import io.circuitstream.events.Status;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.events.ValidationSettings;
import io.circuitstream.platform.serde.EventDigest;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.testkit.GoldenTopology;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
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

class ValidationTopologyTest {
    @TempDir
    Path folder;

    private TraceableModel model;
    private EmbeddedRegistry registry;
    private ServiceContext service;
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> circuits;
    private TestOutputTopic<byte[], byte[]> validations;
    private TestOutputTopic<byte[], byte[]> deadLetters;

    @BeforeEach
    void start() throws IOException {
        model = Circuits.model(folder);
        registry = EmbeddedRegistry.start(folder.resolve("registry"), 0);
        Settings settings = Settings.of(
                CommonSettings.all(),
                Map.of(
                        CommonSettings.REGISTRY_URL.key(), registry.url(),
                        CommonSettings.STATE_DIR.key(), folder.resolve("state").toString()));
        service = ServiceContext.of("validation", settings, event -> {});
        driver = new TopologyTestDriver(
                ValidationTopology.of(service, new ValidationStage(model)), service.streamProperties());
        circuits = driver.createInputTopic(
                service.topic(Event.CIRCUITS), new ByteArraySerializer(), new ByteArraySerializer());
        validations = output(service.topic(Event.VALIDATIONS));
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
        GoldenTopology.check(ValidationTopology.of(service, new ValidationStage(model)));
    }

    @Test
    void shouldWriteAReportWhenTheInputIsOk() {
        Circuit input = Circuits.ok(model).build();

        pipe("p1", input);

        var record = validations.readRecord();
        ValidationReport result = event(record.value());
        assertThat(record.key()).isEqualTo("p1".getBytes(UTF_8));
        assertThat(result.getStatus()).isEqualTo(Status.OK);
        assertThat(result.getClaims()).isNotEmpty();
        assertThat(result.getRequest()).isEqualTo(input.getRequest());
        assertThat(result.getProvenance().getSource())
                .isEqualTo(new EventSource("circuits", EventDigest.sha256(input)));
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void shouldPassOnTheMessageWhenAnEarlierStageFailed() {
        Circuit failed = Circuits.ok(model)
                .setStatus(Status.FAILED)
                .setMessage("the prompt has 99 tokens, the limit is 64")
                .build();

        pipe("p1", failed);

        ValidationReport result = event(validations.readValue());
        assertThat(result.getStatus()).isEqualTo(Status.FAILED);
        assertThat(result.getMessage()).isEqualTo("the prompt has 99 tokens, the limit is 64");
        assertThat(result.getProvenance().getSource().getSha256()).isEqualTo(EventDigest.sha256(failed));
        assertThat(result.getClaims()).isEmpty();
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void shouldWriteAFailedResultWhenTheSettingsAreBad() {
        pipe(
                "p1",
                Circuits.ok(
                                model,
                                ValidationSettings.newBuilder()
                                        .setEnabled(true)
                                        .setMaxFeatures(10)
                                        .setControls(101)
                                        .build())
                        .build());

        ValidationReport result = event(validations.readValue());
        assertThat(result.getStatus()).isEqualTo(Status.FAILED);
        assertThat(result.getMessage()).isEqualTo("validation settings: controls is 101, must be 0 to 100");
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void shouldWriteTheSameBytesWhenTheInputComesAgain() {
        pipe("p1", Circuits.ok(model).build());
        pipe("p1", Circuits.ok(model).build());

        byte[] first = validations.readValue();
        assertThat(event(first).getStatus()).isEqualTo(Status.OK);
        assertThat(validations.readValue()).isEqualTo(first);
    }

    @Test
    void shouldMakeADeadLetterAndGoOnWhenTheInputIsBroken() {
        byte[] broken = bytes(
                Circuits.ok(model).setEdgeSource(ByteBuffer.wrap(new byte[5])).build());

        circuits.pipeInput("p1".getBytes(UTF_8), broken);
        pipe("p2", Circuits.ok(model).setPromptId("p2").build());

        assertThat(deadLetters.readValue()).isEqualTo(broken);
        assertThat(event(validations.readValue()).getPromptId()).isEqualTo("p2");
        assertThat(validations.isEmpty()).isTrue();
    }

    private void pipe(String key, Circuit event) {
        circuits.pipeInput(key.getBytes(UTF_8), bytes(event));
    }

    private byte[] bytes(Circuit event) {
        return service.serde(Circuit.class).serializer().serialize(service.topic(Event.CIRCUITS), event);
    }

    private ValidationReport event(byte[] bytes) {
        return service.serde(ValidationReport.class)
                .deserializer()
                .deserialize(service.topic(Event.VALIDATIONS), bytes);
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
