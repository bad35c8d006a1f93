package io.circuitstream.platform.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.ProgressState;
import io.circuitstream.events.StageProgress;
import io.circuitstream.events.Status;
import io.circuitstream.platform.serde.EventDigest;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class StageProcessorTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";

    @RegisterExtension
    static final OpenTelemetryExtension spans = OpenTelemetryExtension.create();

    @TempDir
    Path folder;

    private final List<StageProgress> progress = new ArrayList<>();
    private final EchoStage stage = new EchoStage();
    private EmbeddedRegistry registry;
    private ServiceContext service;
    private TopologyTestDriver driver;
    private Serializer<InferenceCompleted> serializer;
    private TestInputTopic<byte[], byte[]> input;
    private TestOutputTopic<String, InferenceCompleted> results;
    private TestOutputTopic<byte[], byte[]> deadLetters;

    @BeforeEach
    void start() {
        registry = EmbeddedRegistry.start(folder.resolve("registry"), 0);
        Settings settings = Settings.of(
                CommonSettings.all(),
                Map.of(
                        CommonSettings.REGISTRY_URL.key(),
                        registry.url(),
                        CommonSettings.STATE_DIR.key(),
                        folder.resolve("state").toString(),
                        CommonSettings.TRANSACTION_TIMEOUT.key(),
                        "1s",
                        "kafka.max.retries",
                        "0"));
        service = ServiceContext.of("echo", settings, progress::add);
        Properties properties = service.streamProperties();
        // Under exactly_once_v2 the driver forgets dead letters of the deserializer: it clears uncommitted records.
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        driver = new TopologyTestDriver(EchoStage.topology(service, stage), properties);
        serializer = service.serde(InferenceCompleted.class).serializer();
        input = driver.createInputTopic(
                service.topic(EchoStage.IN), new ByteArraySerializer(), new ByteArraySerializer());
        results = driver.createOutputTopic(
                service.topic(EchoStage.OUT),
                new StringDeserializer(),
                service.serde(InferenceCompleted.class).deserializer());
        deadLetters = driver.createOutputTopic(
                service.deadLetterTopic(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @AfterEach
    void stop() {
        driver.close();
        registry.close();
    }

    @Test
    void shouldForwardTheResultWhenTheStageSucceeds() {
        InferenceCompleted event = EchoStage.input("p1", "fine");

        pipe("p1", event);

        InferenceCompleted result = results.readValue();
        assertThat(result.getStatus()).isEqualTo(Status.OK);
        assertThat(result.getWarnings()).containsExactly(EventDigest.sha256(event));
        assertThat(deadLetters.isEmpty()).isTrue();
        assertThat(states()).startsWith(ProgressState.STARTED).endsWith(ProgressState.COMPLETED);
        assertThat(counted("circuitstream.records", "status", "ok")).isEqualTo(1);
        Timer compute = service.registry().get(StageMetrics.COMPUTE).timer();
        Timer all = service.registry().get("circuitstream.stage.duration").timer();
        assertThat(compute.count()).isEqualTo(1);
        assertThat(compute.totalTime(TimeUnit.NANOSECONDS))
                .as("without serialising")
                .isBetween(1.0, all.totalTime(TimeUnit.NANOSECONDS));
    }

    @Test
    void shouldBearTheTimeOfItsResultWhenTheStageTakesLong() {
        long before = System.currentTimeMillis();

        pipe("p1", EchoStage.input("p1", "slow"));

        assertThat(results.readRecord().timestamp())
                .isBetween(before + EchoStage.SLOW.toMillis(), System.currentTimeMillis());
    }

    @Test
    void shouldAddCloudEventHeadersAndPassOnOnlyTheTrace() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("traceparent", ("00-" + TRACE + "-" + PARENT + "-01").getBytes(UTF_8));
        headers.add("ce_id", "of the input".getBytes(UTF_8));
        headers.add("sender", "x".getBytes(UTF_8));

        pipe("p0", EchoStage.input("p0", "fine"));
        input.pipeInput(new TestRecord<>("p1".getBytes(UTF_8), bytes(EchoStage.input("p1", "fine")), headers));

        results.readRecord();
        Headers result = results.readRecord().headers();
        assertThat(result.toArray())
                .extracting(Header::key)
                .containsExactlyInAnyOrder(
                        "ce_specversion", "ce_id", "ce_source", "ce_type", "content-type", "traceparent");
        SpanData span = spans.getSpans().get(1);
        assertThat(span.getTraceId()).isEqualTo(TRACE);
        assertThat(span.getParentSpanId()).isEqualTo(PARENT);
        assertThat(span.getName()).isEqualTo("process " + service.topic(EchoStage.IN));
        assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertThat(span.getAttributes().asMap())
                .containsEntry(AttributeKey.stringKey("circuitstream.prompt.id"), "p1")
                .containsEntry(AttributeKey.stringKey("circuitstream.status"), "OK");
        assertThat(text(result, "traceparent")).isEqualTo("00-" + TRACE + "-" + span.getSpanId() + "-01");
        assertThat(text(result, "ce_id"))
                .isEqualTo(ResultHeaders.id(
                        "p1", Received.asWritten(EchoStage.input("p1", "fine")).sha256()))
                .matches("[0-9a-f]{32}");
        assertThat(text(result, "ce_source")).isEqualTo("/circuitstream-echo");
        assertThat(text(result, "ce_type")).isEqualTo("io.circuitstream.events.InferenceCompleted");
        assertThat(text(result, "content-type")).isEqualTo("application/avro");
        assertThat(text(result, "ce_specversion")).isEqualTo("1.0");
    }

    @Test
    void shouldMarkTheSpanWithoutWhatTheRecordSaysWhenTheStageFails() {
        pipe("p1", EchoStage.input("p1", "bug"));

        StatusData status = spans.getSpans().get(0).getStatus();
        assertThat(status.getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(status.getDescription()).isEqualTo(IllegalStateException.class.getName());
    }

    @Test
    void shouldPassOnTheMessageWhenAnEarlierStageFailed() {
        InferenceCompleted failed = InferenceCompleted.newBuilder(EchoStage.input("p1", "bug"))
                .setStatus(Status.FAILED)
                .setMessage("prompt too long: 600 tokens, at most 512")
                .build();

        pipe("p1", failed);

        InferenceCompleted result = results.readValue();
        assertThat(result.getStatus()).isEqualTo(Status.FAILED);
        assertThat(result.getMessage()).isEqualTo("prompt too long: 600 tokens, at most 512");
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void shouldForwardAFailedResultWhenTheRequestCannotBeFulfilled() {
        pipe("p1", EchoStage.input("p1", "refuse"));

        InferenceCompleted result = results.readValue();
        assertThat(result.getStatus()).isEqualTo(Status.FAILED);
        assertThat(result.getMessage()).isEqualTo("the target 'Austin ' is two tokens: use one");
        assertThat(deadLetters.isEmpty()).isTrue();
        assertThat(progress.get(progress.size() - 1).getState()).isEqualTo(ProgressState.FAILED);
        assertThat(progress.get(progress.size() - 1).getMessage()).contains("two tokens");
        assertThat(counted("circuitstream.records", "status", "failed")).isEqualTo(1);
    }

    @Test
    void shouldForwardAFailedResultWithTheSizesWhenTheResultIsTooLarge() {
        pipe("p1", EchoStage.input("p1", "huge"));

        InferenceCompleted result = results.readValue();
        assertThat(result.getStatus()).isEqualTo(Status.FAILED);
        assertThat(result.getMessage()).matches(".*17,000,\\d{3} bytes.*16,777,216.*");
    }

    @Test
    void shouldMakeADeadLetterWithTheOriginalBytesWhenTheStageHasABug() {
        byte[] original = bytes(EchoStage.input("p1", "bug"));

        input.pipeInput("p1".getBytes(UTF_8), original);
        pipe("p2", EchoStage.input("p2", "fine"));

        TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
        assertThat(letter.value()).isEqualTo(original);
        assertThat(letter.key()).isEqualTo("p1".getBytes(UTF_8));
        assertThat(text(letter.headers(), "__streams.errors.exception")).isEqualTo("java.lang.IllegalStateException");
        assertThat(text(letter.headers(), "__streams.errors.message")).isEqualTo("boom");
        assertThat(text(letter.headers(), "__streams.errors.topic")).isEqualTo(service.topic(EchoStage.IN));
        assertThat(text(letter.headers(), "__streams.errors.offset")).isEqualTo("0");
        assertThat(results.readValue().getPromptId()).isEqualTo("p2");
        assertThat(results.isEmpty()).isTrue();
        assertThat(counted("circuitstream.dead.letters", "stage", "echo")).isEqualTo(1);
        assertThat(progress)
                .anySatisfy(event -> assertThat(event.getMessage()).contains("circuitstream.echo.dead-letters"));
    }

    @Test
    void shouldMakeADeadLetterWhenTheBytesAreNoEvent() {
        input.pipeInput("p1".getBytes(UTF_8), "garbage".getBytes(UTF_8));
        pipe("p2", EchoStage.input("p2", "fine"));

        assertThat(deadLetters.readRecord().value()).isEqualTo("garbage".getBytes(UTF_8));
        assertThat(results.readValue().getPromptId()).isEqualTo("p2");
        assertThat(counted("circuitstream.dead.letters", "stage", "echo")).isEqualTo(1);
    }

    @Test
    void shouldMakeADeadLetterWhenKeyOrValueIsMissing() {
        byte[] original = bytes(EchoStage.input("p1", "fine"));

        input.pipeInput(new TestRecord<>(null, original));
        input.pipeInput(new TestRecord<>("p1".getBytes(UTF_8), null));

        TestRecord<byte[], byte[]> withoutKey = deadLetters.readRecord();
        assertThat(withoutKey.value()).isEqualTo(original);
        assertThat(text(withoutKey.headers(), "__streams.errors.message")).isEqualTo("record without a key");
        assertThat(text(deadLetters.readRecord().headers(), "__streams.errors.message"))
                .isEqualTo("record without a value");
        assertThat(results.isEmpty()).isTrue();
    }

    @Test
    void shouldTryTheRecordAgainWhenTheOutageIsShort() {
        stage.outages.set(1);

        pipe("p1", EchoStage.input("p1", "outage"));

        assertThat(results.readValue().getStatus()).isEqualTo(Status.OK);
        assertThat(results.isEmpty()).isTrue();
        assertThat(counted("circuitstream.retries", "stage", "echo")).isEqualTo(1);
        assertThat(service.outage().current()).isEmpty();
    }

    @Test
    void shouldThrowToTheRuntimeInsteadOfADeadLetterWhenTheStageMeetsAnOutage() {
        byte[] outage = bytes(EchoStage.input("p1", "outage"));

        assertThatThrownBy(() -> input.pipeInput("p1".getBytes(UTF_8), outage))
                .isInstanceOf(StreamsException.class)
                .satisfies(thrown -> assertThat(Fault.of(thrown)).isEqualTo(Fault.OUTAGE));

        assertThat(deadLetters.isEmpty()).isTrue();
        assertThat(results.isEmpty()).isTrue();
        assertThat(counted("circuitstream.dead.letters", "stage", "echo")).isZero();
    }

    @Test
    void shouldThrowToTheRuntimeWhenTheRegistryIsAwayOnReading() {
        byte[] event = bytes(EchoStage.input("p1", "fine"));
        registry.close();

        assertThatThrownBy(() -> input.pipeInput("p1".getBytes(UTF_8), event))
                .satisfies(thrown -> assertThat(Fault.of(thrown)).isEqualTo(Fault.OUTAGE));

        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void shouldThrowToTheRuntimeWhenTheRegistryRefusesTheResult() throws Exception {
        String subject = registry.url() + "/subjects/" + service.topic(EchoStage.OUT) + "-value/versions";
        HttpRequest other = HttpRequest.newBuilder(URI.create(subject))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"schema\": \"\\\"string\\\"\"}"))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(other, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);

        assertThatThrownBy(() -> pipe("p1", EchoStage.input("p1", "fine")))
                .satisfies(thrown -> assertThat(Fault.of(thrown)).isEqualTo(Fault.REFUSAL));

        assertThat(deadLetters.isEmpty()).isTrue();
        assertThat(counted("circuitstream.dead.letters", "stage", "echo")).isZero();
    }

    private void pipe(String key, InferenceCompleted event) {
        input.pipeInput(key.getBytes(UTF_8), bytes(event));
    }

    private byte[] bytes(InferenceCompleted event) {
        return serializer.serialize(service.topic(EchoStage.IN), event);
    }

    private List<ProgressState> states() {
        return progress.stream().map(StageProgress::getState).toList();
    }

    private double counted(String name, String tag, String value) {
        return service.registry().get(name).tag(tag, value).counter().count();
    }

    private static String text(Headers headers, String name) {
        return new String(headers.lastHeader(name).value(), UTF_8);
    }
}
