package io.circuitstream.platform.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.platform.deadletters.DeadLetter;
import io.circuitstream.platform.deadletters.DeadLetters;
import io.circuitstream.platform.deadletters.Replay;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.testkit.ChildJvm;
import io.circuitstream.testkit.FaultPoint;
import io.circuitstream.testkit.TopicLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Faults of processes that run one stage, in docs/reliability.md by the same numbers. The seed is printed; give it back with
 * {@code -Dcircuitstream.seed}.
 */
@Execution(ExecutionMode.CONCURRENT) // they wait for time-outs, not for the machine
class FaultsTest {
    private static final int SIGKILL_EXIT = 137;
    private static final int OUT_OF_MEMORY_EXIT = 3;
    private static final long SEED = Long.getLong("circuitstream.seed", System.nanoTime());

    @TempDir
    static Path folder;

    private static EchoCluster cluster;

    private final Random random = new Random(SEED);

    @BeforeAll
    static void start() {
        System.out.println("circuitstream.seed=" + SEED);
        EventClasses.trust();
        cluster = EchoCluster.start(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    /** R1. */
    @Test
    void shouldTakeTheTransactionBackWhenTheProcessHaltsBetweenWritingAndCommitting() throws Exception {
        try (EchoCluster.Scenario scenario = cluster.scenario("halt")) {
            int record = 5 + random.nextInt(30);
            ChildJvm first = scenario.start(FaultPoint.haltAcknowledged(scenario.output(), record), Map.of());
            scenario.send(0, 60, "fine");

            assertThat(first.awaitExit(EchoCluster.LIMIT.toSeconds())).isEqualTo(SIGKILL_EXIT);
            assertThat(first.output()).contains("FAULT HALT " + scenario.output() + " " + record);
            long written = scenario.results().written().size();
            assertThat(scenario.committed()).as("an open transaction").isLessThan(written);

            scenario.start();
            scenario.awaitExactlyWhatWasSent();
            assertThat(scenario.results().aborted()).isPositive();
        }
    }

    /** R3. */
    @Test
    void shouldLoseAndDoubleNothingWhenTwoInstancesAreKilledInTurn() throws Exception {
        try (EchoCluster.Scenario scenario = cluster.scenario("killed")) {
            List<ChildJvm> instances = new ArrayList<>(List.of(scenario.start(), scenario.start()));
            scenario.awaitMembers(2);
            for (int round = 0; round < 3; round++) {
                int begin = round * 300;
                scenario.send(begin, begin + 100, "slow");
                scenario.awaitCommitted(begin + 20 + random.nextInt(60));
                scenario.send(begin + 100, begin + 300, "slow"); // seconds of work, however long the wait took
                ChildJvm victim = instances.get(round % 2);
                victim.kill9();
                assertThat(scenario.committed()).as("killed at work").isLessThan(begin + 300);
                assertThat(victim.awaitExit(1)).isEqualTo(SIGKILL_EXIT);
                instances.set(round % 2, scenario.start());
                scenario.awaitCommitted(begin + 300);
            }
            scenario.awaitExactlyWhatWasSent();
        }
    }

    /** R4. */
    @Test
    void shouldFenceTheZombieWhenAProcessWakesUpAfterItsPeerTookOver() throws Exception {
        try (EchoCluster.Scenario scenario = cluster.scenario("zombie")) {
            ChildJvm zombie = scenario.start(FaultPoint.stallAcknowledged(scenario.output(), 3, 10_000), Map.of());
            scenario.awaitMembers(1);
            scenario.send(0, 40, "fine");
            zombie.awaitLine(FaultPoint::isStrike, EchoCluster.LIMIT.toSeconds());
            zombie.pause(); // with an open transaction
            scenario.start();
            scenario.awaitCommitted(40);

            zombie.resume();

            scenario.awaitMembers(2);
            scenario.send(40, 80, "fine");
            scenario.awaitExactlyWhatWasSent();
            assertThat(scenario.results().aborted()).as("the zombie's").isPositive();
            assertThat(zombie.isAlive()).as(zombie.output()).isTrue();
        }
    }

    /** R5. */
    @Test
    void shouldEndInTimeAndHandOverAtOnceWhenTerminatedUnderLoad() throws Exception {
        Map<String, String> patient = Map.of("KAFKA_CONSUMER_SESSION_TIMEOUT_MS", "45000");
        try (EchoCluster.Scenario scenario = cluster.scenario("terminated")) {
            ChildJvm first = scenario.start(List.of(), patient);
            scenario.start(List.of(), patient);
            scenario.awaitMembers(2);
            scenario.send(0, 50, "slow");
            scenario.awaitCommitted(20);
            scenario.send(50, 300, "slow"); // seconds of work, however long the wait took
            long begin = System.nanoTime();
            first.terminate();

            assertThat(scenario.committed()).as("terminated at work").isLessThan(300);
            assertThat(first.awaitExit(25)).as(first.output()).isZero();
            scenario.awaitExactlyWhatWasSent();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(45));
            assertThat(scenario.members()).isEqualTo(1);
            assertThat(scenario.results().aborted()).isZero();
        }
    }

    /** R13. */
    @Test
    void shouldProcessARecordOnceWhenItTakesLongerThanKafkasOwnTransactions() throws Exception {
        try (EchoCluster.Scenario scenario = cluster.scenario("slow")) {
            ChildJvm slow = scenario.start(
                    FaultPoint.stallBeforeSending(scenario.output(), 2, 11_000),
                    Map.of("CIRCUITSTREAM_TRANSACTION_TIMEOUT", "10m"));
            scenario.send(0, 10, "fine");
            slow.awaitLine(FaultPoint::isStrike, EchoCluster.LIMIT.toSeconds());
            scenario.awaitExactlyWhatWasSent();
            assertThat(scenario.results().aborted()).isZero();
        }
    }

    /** R13: what happens to one that is slower than it may be. */
    @Test
    void shouldBeginAgainAndCommitOnceWhenARecordOutlivesItsTransaction() throws Exception {
        try (EchoCluster.Scenario scenario = cluster.scenario("late")) {
            long longest = EchoCluster.TRANSACTION_TIMEOUT.multipliedBy(2).toMillis(); // max.poll.interval.ms
            ChildJvm late =
                    scenario.start(FaultPoint.stallBeforeSending(scenario.output(), 2, longest + 1_000), Map.of());
            scenario.send(0, 10, "fine");
            late.awaitLine(FaultPoint::isStrike, EchoCluster.LIMIT.toSeconds());
            scenario.awaitExactlyWhatWasSent();
            assertThat(late.isAlive()).isTrue();
        }
    }

    /** R18. */
    @Test
    void shouldGiveTheSameBytesAndIdWhenAPromptIsSentTwice() throws Exception {
        try (EchoCluster.Scenario scenario = cluster.scenario("twice")) {
            scenario.start();
            scenario.send(0, 1, "fine");
            scenario.send(0, 1, "fine");
            scenario.awaitCommitted(2);
            List<ConsumerRecord<byte[], byte[]>> results = scenario.results().committed();
            assertThat(results).hasSize(2);
            assertThat(results.get(1).value()).isEqualTo(results.get(0).value());
            assertThat(results.get(1).headers().lastHeader("ce_id"))
                    .isEqualTo(results.get(0).headers().lastHeader("ce_id"));
        }
    }

    /** R9 and R10. */
    @Test
    void shouldPutPoisonAsideOnceWithItsBytesAndGoOnWithItsNeighbours() throws Exception {
        try (EchoCluster.Scenario scenario = cluster.scenario("poison")) {
            byte[] good = scenario.context()
                    .serde(InferenceCompleted.class)
                    .serializer()
                    .serialize(scenario.input(), EchoStage.input("x", "fine"));
            List<byte[]> poison = Poison.values(good, random);
            poison.add(scenario.context()
                    .serde(PromptSubmitted.class)
                    .serializer()
                    .serialize("another", EchoStage.input("x", "fine").getRequest()));
            scenario.start();
            for (int i = 0; i < poison.size(); i++) {
                scenario.send(2 * i, 2 * i + 1, "fine");
                scenario.sendRaw(("bad" + i).getBytes(UTF_8), poison.get(i));
            }
            scenario.sendRaw(null, good);
            int huge = 2 * poison.size();
            scenario.send(huge, huge + 1, "huge");
            scenario.send(huge + 1, huge + 2, "fine");
            int expected = poison.size() + 1;
            await().atMost(EchoCluster.LIMIT)
                    .until(() -> scenario.deadLetters().committed().size() >= expected);
            scenario.awaitCommitted(poison.size() + 2);

            List<ConsumerRecord<byte[], byte[]>> dead = scenario.deadLetters().committed();
            assertThat(dead).hasSize(expected);
            for (ConsumerRecord<byte[], byte[]> letter : dead) {
                byte[] original = letter.key() == null
                        ? good
                        : poison.get(Integer.parseInt(TopicLog.key(letter).substring(3)));
                assertThat(letter.value())
                        .as("bytes of %s", letter.key() == null ? null : TopicLog.key(letter))
                        .isEqualTo(original);
                assertThat(new String(
                                letter.headers()
                                        .lastHeader("__streams.errors.topic")
                                        .value(),
                                UTF_8))
                        .isEqualTo(scenario.input());
                assertThat(letter.headers().lastHeader("__streams.errors.offset"))
                        .isNotNull();
                assertThat(letter.headers().lastHeader("__streams.errors.exception"))
                        .isNotNull();
            }
            assertThat(scenario.results().keys()).hasSize(poison.size() + 2).contains("p" + huge);
        }
    }

    /** A bug that a new version mends. */
    @Test
    void shouldGiveTheResultOnceWhenADeadLetterIsSentAgainToAMendedVersion() throws Exception {
        try (EchoCluster.Scenario scenario = cluster.scenario("mended")) {
            ChildJvm broken = scenario.start(List.of("-Decho.broken=true"), Map.of());
            scenario.send(0, 1, "fine");
            scenario.send(1, 2, "broken");
            scenario.send(2, 3, "fine");
            await().atMost(EchoCluster.LIMIT)
                    .until(() -> !scenario.deadLetters().committed().isEmpty());
            scenario.awaitCommitted(2);
            broken.terminate();
            assertThat(broken.awaitExit(25)).isZero();
            scenario.start();
            DeadLetters letters = new DeadLetters(scenario.context().settings());
            List<DeadLetter> listed = letters.newest("echo", 10);
            assertThat(listed).hasSize(1);
            assertThat(listed.get(0).message()).contains("this version is broken");

            try (Replay replay = new Replay(scenario.context().settings())) {
                replay.send(List.of(letters.at(
                                "echo", listed.get(0).partition(), listed.get(0).offset())
                        .orElseThrow()));
            }

            scenario.awaitExactlyWhatWasSent();
            assertThat(scenario.deadLetters().committed()).hasSize(1);
        }
    }

    /** R20, with the option that the launcher and the images start every service with. */
    @Test
    void shouldPutARecordAsideWhenTheProcessRanOutOfMemoryOnItAsOftenAsItMay() throws Exception {
        Map<String, String> twice = Map.of("CIRCUITSTREAM_MAX_ATTEMPTS", "2");
        try (EchoCluster.Scenario scenario = cluster.scenario("deadly")) {
            scenario.send(0, 5, "fine");
            scenario.sendRaw(
                    "deadly".getBytes(UTF_8),
                    scenario.context()
                            .serde(InferenceCompleted.class)
                            .serializer()
                            .serialize(scenario.input(), EchoStage.input("deadly", "deadly")));
            scenario.send(5, 10, "fine");
            for (int attempt = 0; attempt < 2; attempt++) {
                ChildJvm victim = scenario.start(List.of("-XX:+ExitOnOutOfMemoryError"), twice);
                assertThat(victim.awaitExit(EchoCluster.LIMIT.toSeconds())).isEqualTo(OUT_OF_MEMORY_EXIT);
                assertThat(victim.output()).contains("Terminating due to java.lang.OutOfMemoryError");
            }
            ChildJvm last = scenario.start(List.of(), twice);
            scenario.awaitExactlyWhatWasSent();
            await().atMost(EchoCluster.LIMIT)
                    .until(() -> !scenario.deadLetters().committed().isEmpty());

            assertThat(last.isAlive()).isTrue();
            assertThat(scenario.deadLetters().keys()).containsExactly("deadly");
            assertThat(new DeadLetters(scenario.context().settings())
                            .newest("echo", 1)
                            .get(0)
                            .message())
                    .contains("the process ended 2 times at work on this record");
        }
    }

    /** R8. */
    @Test
    void shouldWorkWhenTheFirstAddressIsWrong() throws Exception {
        try (EchoCluster.Scenario scenario = cluster.scenario("addresses")) {
            scenario.start(
                    List.of(),
                    Map.of(
                            "CIRCUITSTREAM_KAFKA_BOOTSTRAP_SERVERS",
                            "127.0.0.1:" + EchoCluster.freePort() + "," + cluster.bootstrapServers()));
            scenario.send(0, 2, "fine");
            scenario.awaitExactlyWhatWasSent();
        }
    }

    /** R8. */
    @Test
    void shouldGiveUpAndNameTheAddressWhenItAcceptsAndClosesConnections() throws Exception {
        try (EchoCluster.Scenario scenario = cluster.scenario("closing");
                ClosingServer server = ClosingServer.start()) {
            String address = "127.0.0.1:" + server.port();
            ChildJvm lost = scenario.start(
                    List.of(),
                    Map.of(
                            "CIRCUITSTREAM_KAFKA_BOOTSTRAP_SERVERS", address,
                            "CIRCUITSTREAM_STARTUP_TIMEOUT", "2s",
                            "KAFKA_ADMIN_DEFAULT_API_TIMEOUT_MS", "1000",
                            "KAFKA_ADMIN_REQUEST_TIMEOUT_MS", "500"));

            assertThat(lost.awaitExit(EchoCluster.LIMIT.toSeconds())).isEqualTo(1);
            assertThat(server.accepted()).isPositive();
            assertThat(lost.output()).contains("does not start: no broker answers at " + address);
        }
    }

    /** R22. */
    @Test
    void shouldNotStartWhenTheGroupBelongsToAnotherService() throws Exception {
        try (EchoCluster.Scenario scenario = cluster.scenario("ours");
                EchoCluster.Scenario other = cluster.scenario("theirs")) {
            scenario.start();
            scenario.send(0, 1, "fine");
            scenario.awaitCommitted(1);
            ChildJvm stranger = other.start(
                    List.of(),
                    Map.of(
                            "CIRCUITSTREAM_APPLICATION_ID_PREFIX",
                            scenario.context().settings().get(CommonSettings.APPLICATION_ID_PREFIX)));

            assertThat(stranger.awaitExit(EchoCluster.LIMIT.toSeconds())).isEqualTo(1);
            assertThat(stranger.output())
                    .contains("does not start", scenario.context().applicationId(), scenario.input(), other.input());
        }
    }
}
