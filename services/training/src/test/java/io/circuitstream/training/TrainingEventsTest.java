package io.circuitstream.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.circuitstream.embedded.EmbeddedBroker;
import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.ProgressState;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.TrainingProgress;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ProgressSink;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.topics.TopicAdmin;
import io.circuitstream.platform.topics.TopicSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TrainingEventsTest {
    private static final RunIdentity RUN = new RunIdentity("r1", "transcoder", "tiny-clt", "clt", "jumprelu");
    private static final SparsityFigures SPARSITY =
            new SparsityFigures(.25, .5, new float[] {3, 4.5f}, new float[] {.25f, Float.NaN}, .125, 2e-3);

    @TempDir
    Path folder;

    private final List<TrainingProgress> sent = new ArrayList<>();
    private final TrainingEvents events = new TrainingEvents(RUN, sent::add, () -> {});
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void trust() {
        EventClasses.trust();
    }

    @Test
    void shouldSayWhereTheRunStandsWhenItCompletes() throws Exception {
        Instant before = Instant.now().minusMillis(1);
        events.during(() -> events.accept(new Progress("s", 3, 9, 1.5, 100, 6, "", 300, .002, SPARSITY)));

        assertThat(sent)
                .extracting(TrainingProgress::getState)
                .containsExactly(ProgressState.STARTED, ProgressState.RUNNING, ProgressState.COMPLETED);
        assertThat(sent).allSatisfy(event -> {
            assertThat(event.getRunId()).isEqualTo("r1");
            assertThat(event.getJob()).isEqualTo("transcoder");
            assertThat(event.getName()).isEqualTo("tiny-clt");
            assertThat(event.getKind()).isEqualTo("clt");
            assertThat(event.getActivation()).isEqualTo("jumprelu");
            assertThat(event.getEmittedAt()).isBetween(before, Instant.now());
            assertThat(event.getMessage()).isNull();
        });
        TrainingProgress running = sent.get(1);
        assertThat(running.getStep()).isEqualTo(3);
        assertThat(running.getSteps()).isEqualTo(9);
        assertThat(running.getTokens()).isEqualTo(300);
        assertThat(running.getLoss()).isEqualTo(1.5);
        assertThat(running.getSquaredError()).isEqualTo(.25);
        assertThat(running.getPenalty()).isEqualTo(.5);
        assertThat(running.getL0()).isEqualTo(7.5);
        assertThat(running.getL0ByLayer()).containsExactly(3f, 4.5f);
        assertThat(running.getDeadFraction()).isEqualTo(.125);
        assertThat(running.getLambda()).isEqualTo(2e-3);
        assertThat(running.getLearningRate()).isEqualTo(.002);
        assertThat(running.getTokensPerSecond()).isEqualTo(100);
        assertThat(running.getSecondsLeft()).isEqualTo(6);
        assertThat(sent.get(2).getStep()).isEqualTo(3);
        assertThat(sent.get(2).getSecondsLeft()).isZero();
    }

    @Test
    void shouldSayZeroWhenAFigureIsNotKnown() {
        events.accept(
                new Progress("s", 0, 9, Double.NaN, Double.POSITIVE_INFINITY, Double.NaN, "").withSparsity(SPARSITY));

        TrainingProgress event = sent.get(0);
        assertThat(event.getLoss()).isZero();
        assertThat(event.getTokensPerSecond()).isZero();
        assertThat(event.getSecondsLeft()).isZero();
        assertThat(event.getNormalisedMseByLayer()).containsExactly(.25f, 0f);
    }

    @Test
    void shouldSayWhyWhenTheRunFails() {
        IOException full = new IOException("disk full");

        assertThatThrownBy(() -> events.during(() -> {
                    throw full;
                }))
                .isSameAs(full);
        assertThat(sent)
                .extracting(TrainingProgress::getState)
                .containsExactly(ProgressState.STARTED, ProgressState.FAILED);
        assertThat(sent.get(1).getMessage()).isEqualTo("disk full");
    }

    @Test
    void shouldSendARunToItsTopicWhenBrokersAreGiven() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
                EmbeddedRegistry registry = EmbeddedRegistry.start(folder.resolve("registry"), 0)) {
            Settings settings = Settings.of(
                    CommonSettings.all(),
                    Map.of(
                            CommonSettings.BOOTSTRAP_SERVERS.key(),
                            broker.bootstrapServers(),
                            CommonSettings.REGISTRY_URL.key(),
                            registry.url(),
                            CommonSettings.TOPIC_PREFIX.key(),
                            "lab",
                            CommonSettings.TOPIC_PARTITIONS.key(),
                            "1"));
            try (TopicAdmin admin = TopicAdmin.of(settings)) {
                admin.apply(admin.plan(TopicSpec.all(settings)));
            }

            int good = train(folder.resolve("small"), broker.bootstrapServers(), registry.url(), "run-1");
            int bad = train(file.resolve("small"), broker.bootstrapServers(), registry.url(), "run-2");

            assertThat(good).isZero();
            assertThat(bad).isEqualTo(1);
            List<TrainingProgress> received = received(settings, 5);
            assertThat(received)
                    .extracting(event -> event.getRunId() + " " + event.getState())
                    .containsExactly(
                            "run-1 STARTED", "run-1 RUNNING", "run-1 COMPLETED", "run-2 STARTED", "run-2 FAILED");
            TrainingProgress running = received.get(1);
            assertThat(running.getJob()).isEqualTo("model");
            assertThat(running.getName()).isEqualTo("small");
            assertThat(running.getStep()).isEqualTo(2);
            assertThat(running.getLoss()).isPositive();
            assertThat(running.getLearningRate()).isPositive();
            assertThat(running.getTokens()).isPositive();
            assertThat(received.get(4).getMessage()).contains(file.toString());
            assertThat(err.toString()).doesNotContain("did not reach");
        }
    }

    @Test
    void shouldTrainAllTheSameAndSaySoWhenNoBrokerAnswers() {
        int code = train(folder.resolve("small"), "127.0.0.1:1", "http://127.0.0.1:1", "run-3");

        assertThat(code).isZero();
        assertThat(folder.resolve("small").resolve("model.safetensors")).exists();
        assertThat(err.toString())
                .contains("3 events of run run-3 did not reach topic lab.training.v1 at 127.0.0.1:1 (registry"
                        + " http://127.0.0.1:1): check that both answer, and run `circuitstream topics --apply`");
    }

    private int train(Path out, String brokers, String registry, String runId) {
        return new CommandLine(new TrainCommand())
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err))
                .execute(
                        "model",
                        "--out=" + out,
                        "--steps=2",
                        "--layers=1",
                        "--bootstrap-servers=" + brokers,
                        "--schema-registry-url=" + registry,
                        "--topic-prefix=lab",
                        "--run-id=" + runId);
    }

    private static List<TrainingProgress> received(Settings settings, int count) {
        List<TrainingProgress> received = new ArrayList<>();
        try (ServiceContext context = ServiceContext.of("test", settings, ProgressSink.NONE);
                KafkaConsumer<String, TrainingProgress> consumer = new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                settings.get(CommonSettings.BOOTSTRAP_SERVERS),
                                "auto.offset.reset",
                                "earliest"),
                        new StringDeserializer(),
                        context.serde(TrainingProgress.class).deserializer())) {
            consumer.assign(List.of(new TopicPartition(context.topic(Event.TRAINING), 0)));
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                for (ConsumerRecord<String, TrainingProgress> record : consumer.poll(Duration.ofMillis(100))) {
                    assertThat(record.key()).isEqualTo(record.value().getRunId());
                    received.add(record.value());
                }
                assertThat(received).hasSizeGreaterThanOrEqualTo(count);
            });
        }
        return received;
    }
}
