package io.circuitstream.pruning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.EventSource;
import io.circuitstream.events.Status;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.serde.EventDigest;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.testkit.GoldenTopology;
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

class PruningTopologyTest {
    @TempDir
    Path folder;

    private EmbeddedRegistry registry;
    private ServiceContext service;
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> graphs;
    private TestOutputTopic<byte[], byte[]> circuits;
    private TestOutputTopic<byte[], byte[]> deadLetters;

    @BeforeEach
    void start() {
        registry = EmbeddedRegistry.start(folder.resolve("registry"), 0);
        Settings settings = Settings.of(
                CommonSettings.all(),
                Map.of(
                        CommonSettings.REGISTRY_URL.key(), registry.url(),
                        CommonSettings.STATE_DIR.key(), folder.resolve("state").toString()));
        service = ServiceContext.of("pruning", settings, event -> {});
        driver = new TopologyTestDriver(PruningTopology.of(service, new PruningStage()), service.streamProperties());
        graphs = driver.createInputTopic(
                service.topic(Event.GRAPHS), new ByteArraySerializer(), new ByteArraySerializer());
        circuits = output(service.topic(Event.CIRCUITS));
        deadLetters = output(service.deadLetterTopic());
    }

    @AfterEach
    void stop() {
        driver.close();
        service.close();
        registry.close();
    }

    @Test
    void shouldKeepTheReviewedTopology() throws Exception {
        GoldenTopology.check(PruningTopology.of(service, new PruningStage()));
    }

    @Test
    void shouldWriteACircuitWhenTheInputIsOk() {
        AttributionGraph input = Graphs.golden().build();

        pipe("p1", input);

        var record = circuits.readRecord();
        Circuit result = event(record.value());
        assertThat(record.key()).isEqualTo("p1".getBytes(UTF_8));
        assertThat(result.getStatus()).isEqualTo(Status.OK);
        assertThat(result.getNodes()).isNotEmpty();
        assertThat(result.getRequest()).isEqualTo(input.getRequest());
        assertThat(result.getProvenance().getSource()).isEqualTo(new EventSource("graphs", EventDigest.sha256(input)));
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void shouldPassOnTheMessageWhenAnEarlierStageFailed() {
        AttributionGraph failed = Graphs.golden()
                .setStatus(Status.FAILED)
                .setMessage("the prompt has 99 tokens, the limit is 64")
                .build();

        pipe("p1", failed);

        Circuit result = event(circuits.readValue());
        assertThat(result.getStatus()).isEqualTo(Status.FAILED);
        assertThat(result.getMessage()).isEqualTo("the prompt has 99 tokens, the limit is 64");
        assertThat(result.getProvenance().getSource().getSha256()).isEqualTo(EventDigest.sha256(failed));
        assertThat(result.getNodes()).isEmpty();
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void shouldWriteAFailedResultWhenTheSettingsAreBad() {
        pipe("p1", Graphs.golden(Graphs.thresholds(2, 0.98)).build());

        Circuit result = event(circuits.readValue());
        assertThat(result.getStatus()).isEqualTo(Status.FAILED);
        assertThat(result.getMessage()).isEqualTo("pruning settings: node threshold is 2.0, must be in (0, 1]");
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void shouldWriteTheSameBytesWhenTheInputComesAgain() {
        pipe("p1", Graphs.golden().build());
        pipe("p1", Graphs.golden().build());

        byte[] first = circuits.readValue();
        assertThat(event(first).getStatus()).isEqualTo(Status.OK);
        assertThat(circuits.readValue()).isEqualTo(first);
    }

    @Test
    void shouldMakeADeadLetterAndGoOnWhenTheInputIsBroken() {
        byte[] broken =
                bytes(Graphs.golden().setCol(ByteBuffer.wrap(new byte[41])).build());

        graphs.pipeInput("p1".getBytes(UTF_8), broken);
        pipe("p2", Graphs.golden().setPromptId("p2").build());

        assertThat(deadLetters.readValue()).isEqualTo(broken);
        assertThat(event(circuits.readValue()).getPromptId()).isEqualTo("p2");
        assertThat(circuits.isEmpty()).isTrue();
    }

    private void pipe(String key, AttributionGraph event) {
        graphs.pipeInput(key.getBytes(UTF_8), bytes(event));
    }

    private byte[] bytes(AttributionGraph event) {
        return service.serde(AttributionGraph.class).serializer().serialize(service.topic(Event.GRAPHS), event);
    }

    private Circuit event(byte[] bytes) {
        return service.serde(Circuit.class).deserializer().deserialize(service.topic(Event.CIRCUITS), bytes);
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
