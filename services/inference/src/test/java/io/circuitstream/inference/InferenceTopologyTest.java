package io.circuitstream.inference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.HeldFeature;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Status;
import io.circuitstream.events.SteeringCompleted;
import io.circuitstream.events.SteeringRequested;
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
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InferenceTopologyTest {
    @TempDir
    Path folder;

    private TraceableModel model;
    private EmbeddedRegistry registry;
    private ServiceContext service;
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> prompts;
    private TestOutputTopic<byte[], byte[]> inferences;
    private TestOutputTopic<byte[], byte[]> deadLetters;

    @BeforeEach
    void start() throws IOException {
        model = TraceableModel.load(
                TinyModels.llama(folder.resolve("tiny"), 11),
                TinyModels.transcoder(folder.resolve("clt"), Kind.CROSS_LAYER, InputSite.RESID_MID, true, 12),
                2);
        registry = EmbeddedRegistry.start(folder.resolve("registry"), 0);
        Settings settings = Settings.of(
                CommonSettings.all(),
                Map.of(
                        CommonSettings.REGISTRY_URL.key(), registry.url(),
                        CommonSettings.STATE_DIR.key(), folder.resolve("state").toString()));
        service = ServiceContext.of("inference", settings, event -> {});
        Properties properties = service.streamProperties();
        // Under exactly_once_v2 the driver forgets dead letters of the deserializer: it clears uncommitted records.
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        driver = new TopologyTestDriver(
                InferenceTopology.of(service, new InferenceStage(model, 8), new SteeringStage(model, 8)), properties);
        prompts = driver.createInputTopic(
                service.topic(Event.PROMPTS), new ByteArraySerializer(), new ByteArraySerializer());
        inferences = output(service.topic(Event.INFERENCES));
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
        GoldenTopology.check(InferenceTopology.of(service, new InferenceStage(model, 8), new SteeringStage(model, 8)));
    }

    @Test
    void shouldWriteWhatBecameOfThePromptWhenItIsSteered() {
        TestInputTopic<byte[], byte[]> steerings = driver.createInputTopic(
                service.topic(Event.STEERINGS), new ByteArraySerializer(), new ByteArraySerializer());
        SteeringRequested request = SteeringRequested.newBuilder()
                .setRequestId("s1")
                .setPrompt(PromptSubmitted.newBuilder()
                        .setPromptId("s1")
                        .setText("w5 w9")
                        .build())
                .setInterventions(List.of(HeldFeature.newBuilder()
                        .setLayer(0)
                        .setFeature(3)
                        .setActivation(2f)
                        .build()))
                .setNewTokens(3)
                .build();
        byte[] bytes =
                service.serde(SteeringRequested.class).serializer().serialize(service.topic(Event.STEERINGS), request);

        steerings.pipeInput("s1".getBytes(UTF_8), bytes);

        var record = output(service.topic(Event.STEERED)).readRecord();
        SteeringCompleted result = service.serde(SteeringCompleted.class)
                .deserializer()
                .deserialize(service.topic(Event.STEERED), record.value());
        assertThat(record.key()).isEqualTo("s1".getBytes(UTF_8));
        assertThat(result.getStatus()).isEqualTo(Status.OK);
        assertThat(result.getRequest()).isEqualTo(request);
        assertThat(inferences.isEmpty()).isTrue();
    }

    @Test
    void shouldWriteAnInferenceForThePromptWhenItCanBeRun() {
        PromptSubmitted prompt =
                PromptSubmitted.newBuilder().setPromptId("p1").setText("w5 w9").build();

        pipe("p1", prompt);

        var record = inferences.readRecord();
        InferenceCompleted result = event(record.value());
        assertThat(record.key()).isEqualTo("p1".getBytes(UTF_8));
        assertThat(result.getStatus()).isEqualTo(Status.OK);
        assertThat(result.getTokenIds()).containsExactly(1, 5, 9);
        assertThat(result.getRequest()).isEqualTo(prompt);
        assertThat(result.getProvenance().getSource().getSha256()).isEqualTo(EventDigest.sha256(prompt));
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void shouldWriteAFailedInferenceWhenThePromptIsRefused() {
        pipe("p1", PromptSubmitted.newBuilder().setPromptId("p1").setText(" ").build());

        InferenceCompleted result = event(inferences.readValue());
        assertThat(result.getStatus()).isEqualTo(Status.FAILED);
        assertThat(result.getMessage()).isEqualTo("the prompt is empty: give at least one token");
        assertThat(result.getRequest().getText()).isEqualTo(" ");
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void shouldWriteTheSameBytesWhenAPromptComesAgain() {
        PromptSubmitted prompt = PromptSubmitted.newBuilder()
                .setPromptId("p1")
                .setTokenIds(List.of(1, 5, 9, 3, 17))
                .build();

        pipe("p1", prompt);
        pipe("p1", prompt);

        byte[] first = inferences.readValue();
        assertThat(event(first).getStatus()).isEqualTo(Status.OK);
        assertThat(inferences.readValue()).isEqualTo(first);
    }

    @Test
    void shouldGoOnAfterADeadLetterWhenAPromptIsNoEvent() {
        prompts.pipeInput("p1".getBytes(UTF_8), "garbage".getBytes(UTF_8));
        pipe("p2", PromptSubmitted.newBuilder().setPromptId("p2").setText("w5").build());

        assertThat(deadLetters.readValue()).isEqualTo("garbage".getBytes(UTF_8));
        assertThat(event(inferences.readValue()).getPromptId()).isEqualTo("p2");
        assertThat(inferences.isEmpty()).isTrue();
    }

    private void pipe(String key, PromptSubmitted prompt) {
        byte[] value =
                service.serde(PromptSubmitted.class).serializer().serialize(service.topic(Event.PROMPTS), prompt);
        prompts.pipeInput(key.getBytes(UTF_8), value);
    }

    private InferenceCompleted event(byte[] bytes) {
        return service.serde(InferenceCompleted.class)
                .deserializer()
                .deserialize(service.topic(Event.INFERENCES), bytes);
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
