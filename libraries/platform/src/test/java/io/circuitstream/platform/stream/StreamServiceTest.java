package io.circuitstream.platform.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.circuitstream.embedded.EmbeddedBroker;
import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.Topics;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.topics.TopicAdmin;
import io.circuitstream.platform.topics.TopicChange;
import io.circuitstream.platform.topics.TopicSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service against a real broker and registry in this process; each test has its own topics by its prefix. */
class StreamServiceTest {

    private static final Duration LIMIT = Duration.ofSeconds(40);

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;
    private static EmbeddedRegistry registry;

    private final HttpClient client = HttpClient.newHttpClient();
    private final EchoStage stage = new EchoStage();

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        registry = EmbeddedRegistry.start(folder.resolve("registry"), 0);
    }

    @AfterAll
    static void stopBroker() {
        registry.close();
        broker.close();
    }

    @Test
    void shouldProcessEachRecordOnceAndPutPoisonAndBugsAsideWhenRunning() throws Exception {
        ServiceContext context = ServiceContext.of("echo", settings("full"));
        applyTopics(context.settings(), context.deadLetterTopic());
        AtomicBoolean modelClosed = new AtomicBoolean();
        StreamService service = context.service(EchoStage.topology(context, stage), () -> modelClosed.set(true));
        try (service) {
            service.start();
            service.awaitRunning(LIMIT);
            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(get(service, "/readyz").statusCode()).isEqualTo(200));

            send(context, "p1", bytes(context, "p1", "fine"));
            send(context, "p2", "garbage".getBytes(UTF_8));
            send(context, "p3", bytes(context, "p3", "bug"));
            send(context, "p4", bytes(context, "p4", "fine"));

            assertThat(keys(records(context.topic(EchoStage.OUT), 2))).containsExactly("p1", "p4");
            assertThat(keys(records(context.deadLetterTopic(), 2))).containsExactly("p2", "p3");
            await().atMost(LIMIT).untilAsserted(() -> assertThat(records(context.topic(Topics.Event.PROGRESS), 1))
                    .isNotEmpty());
            assertThat(get(service, "/metrics").body())
                    .contains("circuitstream_dead_letters_total{stage=\"echo\"} 2.0")
                    .contains("circuitstream_records_total{stage=\"echo\",status=\"ok\"} 2.0")
                    .contains(
                            "kafka_consumer_connection_count",
                            "kafka_consumer_coordinator_rebalance_total",
                            "kafka_consumer_fetch_manager_records_consumed_total",
                            "kafka_consumer_fetch_manager_records_lag_max",
                            "kafka_producer_record_error_total",
                            "kafka_producer_record_size_max",
                            "kafka_stream_alive_stream_threads",
                            "kafka_stream_thread_commit_latency_avg",
                            "kafka_stream_thread_process_total");
        }

        assertThat(service.lifecycle()).isEqualTo(Lifecycle.CLOSED);
        assertThat(service.blockUntilClosed()).isZero();
        assertThat(modelClosed).isTrue();
        try (TopicAdmin admin = TopicAdmin.of(context.settings())) {
            assertThat(admin.topicsOfGroup(context.applicationId())).containsExactly(context.topic(EchoStage.IN));
        }
    }

    @Test
    void shouldTryAgainUntilTheOutageIsOverAndSayWhyItIsNotReady() throws Exception {
        ServiceContext context = ServiceContext.of("echo", settings("outage"));
        applyTopics(context.settings(), context.deadLetterTopic());
        try (StreamService service = context.service(EchoStage.topology(context, stage))) {
            service.start();
            service.awaitRunning(LIMIT);
            send(context, "p1", bytes(context, "p1", "outage"));
            await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(get(service, "/readyz").statusCode()).isEqualTo(503);
                assertThat(get(service, "/readyz").body()).contains("http://127.0.0.1:1 is away");
            });
            assertThat(get(service, "/livez").statusCode()).isEqualTo(200);

            stage.outages.set(0);

            assertThat(keys(records(context.topic(EchoStage.OUT), 1))).containsExactly("p1");
            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(get(service, "/readyz").statusCode()).isEqualTo(200));
            assertThat(records(context.deadLetterTopic(), 0)).isEmpty();
        }
    }

    @Test
    void shouldWaitForTheRegistryWhenItIsAwayAtTheStartAndOnReading() throws Exception {
        EmbeddedRegistry registered = EmbeddedRegistry.start(folder.resolve("away"), 0);
        int port = URI.create(registered.url()).getPort();
        Map<String, String> values = values("away");
        values.put(CommonSettings.REGISTRY_URL.key(), registered.url());
        values.put("kafka.max.retries", "0");
        values.put("kafka.consumer.session.timeout.ms", "6000");
        ServiceContext context = ServiceContext.of("echo", Settings.of(CommonSettings.all(), values));
        applyTopics(context.settings(), context.deadLetterTopic());
        byte[] event = bytes(context, "p1", "fine");
        registered.close();
        try (StreamService service = context.service(EchoStage.topology(context, stage))) {
            CompletableFuture<Void> started = CompletableFuture.runAsync(service::start);
            awaitNotReady(service, registered.url());
            try (EmbeddedRegistry atStart = EmbeddedRegistry.start(folder.resolve("away"), port)) {
                assertThat(atStart.url()).isEqualTo(registered.url());
                started.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                service.awaitRunning(LIMIT);
            }
            send(context, "p1", event);
            awaitNotReady(service, "RegistryUnavailableException");

            try (EmbeddedRegistry back = EmbeddedRegistry.start(folder.resolve("away"), port)) {
                assertThat(back.url()).isEqualTo(registered.url());
                assertThat(keys(records(context.topic(EchoStage.OUT), 1))).containsExactly("p1");
                assertThat(records(context.deadLetterTopic(), 0)).isEmpty();
            }
        }
    }

    private void awaitNotReady(StreamService service, String reason) {
        await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> {
            assertThat(get(service, "/readyz").statusCode()).isEqualTo(503);
            assertThat(get(service, "/readyz").body()).contains(reason);
        });
    }

    @Test
    void shouldStayAliveButNotReadyWhileTheBrokersAreAway() throws Exception {
        EmbeddedBroker first = EmbeddedBroker.start(folder.resolve("leaving"), 0);
        Map<String, String> values = values("leaving");
        values.put(CommonSettings.BOOTSTRAP_SERVERS.key(), first.bootstrapServers());
        ServiceContext context = ServiceContext.of("echo", Settings.of(CommonSettings.all(), values));
        applyTopics(context.settings(), context.deadLetterTopic());
        try (StreamService service = context.service(EchoStage.topology(context, stage))) {
            service.start();
            service.awaitRunning(LIMIT);

            first.close();

            await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(get(service, "/readyz").statusCode()).isEqualTo(503);
                assertThat(get(service, "/readyz").body()).contains(first.bootstrapServers());
            });
            assertThat(get(service, "/livez").statusCode()).isEqualTo(200);
            try (EmbeddedBroker second = EmbeddedBroker.start(folder.resolve("leaving"), 0)) {
                assertThat(second.bootstrapServers()).isEqualTo(first.bootstrapServers());
                await().atMost(LIMIT)
                        .untilAsserted(() ->
                                assertThat(get(service, "/readyz").statusCode()).isEqualTo(200));
                service.close();
            }
        }
    }

    @Test
    void shouldFailWithExitCodeOneWhenTheCodeItselfIsBroken() throws Exception {
        ServiceContext context = ServiceContext.of("echo", settings("fatal"));
        applyTopics(context.settings(), context.deadLetterTopic());
        try (StreamService service = context.service(EchoStage.topology(context, stage))) {
            service.start();
            service.awaitRunning(LIMIT);

            send(context, "p1", bytes(context, "p1", "fatal"));

            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(service.lifecycle()).isEqualTo(Lifecycle.FAILED));
            assertThat(service.blockUntilClosed()).isEqualTo(1);
            assertThat(get(service, "/livez").statusCode()).isEqualTo(503);
            assertThat(records(context.deadLetterTopic(), 0)).isEmpty();
        }
    }

    @Test
    void shouldExitWithZeroAndLeaveTheGroupWhenTheProcessIsTerminated() throws Exception {
        Map<String, String> values = values("process");
        Settings settings = Settings.of(CommonSettings.all(), values);
        applyTopics(settings, "process.echo.dead-letters");
        Path file = Files.createTempFile(folder, "settings", ".properties");
        Files.write(
                file,
                values.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .toList());
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path log = folder.resolve("process.log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        EchoMain.class.getName(),
                        "--config",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            URI ready = URI.create("http://127.0.0.1:" + settings.get(CommonSettings.HTTP_PORT) + "/readyz");
            await().atMost(LIMIT)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(get(ready).statusCode()).isEqualTo(200));

            process.destroy();

            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).describedAs(Files.readString(log)).isZero();
            assertThat(log).content().contains("setting circuitstream.topic.prefix = process (file ");
        } finally {
            process.destroyForcibly();
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            String group = "process-echo";
            assertThat(admin.describeConsumerGroups(List.of(group))
                            .all()
                            .get()
                            .get(group)
                            .members())
                    .isEmpty();
        }
    }

    @Test
    void shouldNameTheMissingTopicsAndTheCommandWhenThereAreNone() {
        ServiceContext context = ServiceContext.of("echo", settings("missing"));
        try (StreamService service = context.service(EchoStage.topology(context, stage))) {
            assertThatThrownBy(service::start)
                    .isInstanceOf(StartupException.class)
                    .hasMessage("topics missing.echo.dead-letters, missing.graphs.v1, missing.inferences.v1,"
                            + " missing.progress.v1 are missing: run `circuitstream topics --apply`");
            assertThat(service.lifecycle()).isEqualTo(Lifecycle.FAILED);
        }
    }

    @Test
    void shouldNameTheAddressWhenNoBrokerAnswersInTime() throws IOException {
        String nobody = "127.0.0.1:" + freePort();
        Map<String, String> values = values("nobody");
        values.put(CommonSettings.BOOTSTRAP_SERVERS.key(), nobody);
        values.put(CommonSettings.STARTUP_TIMEOUT.key(), "1s");
        values.put("kafka.admin.default.api.timeout.ms", "700");
        values.put("kafka.admin.request.timeout.ms", "500");
        ServiceContext context = ServiceContext.of("echo", Settings.of(CommonSettings.all(), values));
        try (StreamService service = context.service(EchoStage.topology(context, stage))) {
            assertThatThrownBy(service::start)
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("no broker answers at " + nobody)
                    .hasMessageContaining("waited 1 s");
        }
    }

    @Test
    void shouldEndAtOnceWhenClosedWhileItWaitsForBrokers() throws Exception {
        Map<String, String> values = values("closed");
        values.put(CommonSettings.BOOTSTRAP_SERVERS.key(), "127.0.0.1:" + freePort());
        values.put("kafka.admin.default.api.timeout.ms", "700");
        values.put("kafka.admin.request.timeout.ms", "500");
        ServiceContext context = ServiceContext.of("echo", Settings.of(CommonSettings.all(), values));
        StreamService service = context.service(EchoStage.topology(context, stage));
        Thread main = new Thread(() -> {
            try {
                service.start();
            } catch (StartupException e) {
                // Expected: the close below ends the wait.
            }
        });
        main.start();
        await().atMost(LIMIT)
                .until(() -> service.health().isPresent()
                        && get(service, "/readyz").body().contains("no broker answers at 127.0.0.1"));

        service.close();
        main.join(LIMIT.toMillis());

        assertThat(main.isAlive()).isFalse();
        assertThat(service.blockUntilClosed()).isZero();
    }

    @Test
    void shouldShowTheDifferenceOnceWhenTopicsAreAppliedTwice() {
        Settings settings = settings("apply");
        List<TopicSpec> wanted = TopicSpec.all(settings);
        try (TopicAdmin admin = TopicAdmin.of(settings)) {
            List<TopicChange> first = admin.plan(wanted);
            admin.apply(first);

            assertThat(first).hasSameSizeAs(wanted).allMatch(TopicChange.Create.class::isInstance);
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(admin.plan(wanted)).isEmpty());
        }
    }

    private static Settings settings(String prefix) {
        return Settings.of(CommonSettings.all(), values(prefix));
    }

    private static Map<String, String> values(String prefix) {
        return new HashMap<>(Map.of(
                CommonSettings.BOOTSTRAP_SERVERS.key(), broker.bootstrapServers(),
                CommonSettings.REGISTRY_URL.key(), registry.url(),
                CommonSettings.TOPIC_PREFIX.key(), prefix,
                CommonSettings.APPLICATION_ID_PREFIX.key(), prefix,
                CommonSettings.STATE_DIR.key(), folder.resolve("state").toString(),
                CommonSettings.HTTP_PORT.key(), Integer.toString(freePort()),
                CommonSettings.TOPIC_PARTITIONS.key(), "1"));
    }

    private static void applyTopics(Settings settings, String deadLetterTopic) {
        List<TopicSpec> wanted = new ArrayList<>(TopicSpec.all(settings));
        wanted.add(new TopicSpec(deadLetterTopic, 1, -1, Map.of()));
        try (TopicAdmin admin = TopicAdmin.of(settings)) {
            admin.apply(admin.plan(wanted));
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(ServiceContext context, String promptId, String text) {
        return context.serde(InferenceCompleted.class)
                .serializer()
                .serialize(context.topic(EchoStage.IN), EchoStage.input(promptId, text));
    }

    private static void send(ServiceContext context, String key, byte[] value) throws Exception {
        Map<String, Object> properties = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(context.topic(EchoStage.IN), key.getBytes(UTF_8), value))
                    .get();
        }
    }

    /** The committed records of a topic with one partition, from the first, as soon as there are {@code count}. */
    private static List<ConsumerRecord<byte[], byte[]>> records(String topic, int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<String, Object> properties =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            await().atMost(LIMIT).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                return records.size() >= count;
            });
            consumer.poll(Duration.ofMillis(300)).forEach(records::add);
        }
        return records;
    }

    private static List<String> keys(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(entry -> new String(entry.key(), UTF_8)).toList();
    }

    private HttpResponse<String> get(StreamService service, String path) throws IOException, InterruptedException {
        return get(service.health().orElseThrow().uri().resolve(path));
    }

    private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
