package io.circuitstream.platform.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Longer scenarios on one broker: instances that come and go, and thousands of damaged records. */
@Tag("faults")
class ChurnTest {
    private static final long SEED = Long.getLong("circuitstream.seed", System.nanoTime());
    /** No instance may keep the others from working for longer. */
    private static final Duration LONGEST_STALL = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private EchoCluster cluster;
    private final Random random = new Random(SEED);

    @BeforeEach
    void start() {
        System.out.println("circuitstream.seed=" + SEED);
        EventClasses.trust();
        cluster = EchoCluster.start(folder);
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    /** R12. */
    @Test
    void shouldGoOnWithoutLongStallsWhenInstancesComeAndGo() throws Exception {
        try (EchoCluster.Scenario scenario = cluster.scenario("churn")) {
            ChildJvm constant = scenario.start();
            scenario.awaitMembers(1);
            Deque<ChildJvm> guests = new ArrayDeque<>();
            int sent = 0;
            long threadsBefore = -1;
            for (int change = 0; change < 10; change++) {
                scenario.send(sent, sent + 100, "slow");
                sent += 100;
                if (guests.isEmpty() || (guests.size() < 2 && random.nextBoolean())) {
                    guests.add(scenario.start());
                } else {
                    ChildJvm leaving = guests.remove();
                    leaving.terminate();
                    assertThat(leaving.awaitExit(30)).isZero();
                }
                int target = sent - 60;
                await().atMost(LONGEST_STALL).until(() -> scenario.committed() >= target);
                if (change == 2) {
                    threadsBefore = threads(constant);
                }
            }
            scenario.awaitExactlyWhatWasSent();
            assertThat(threads(constant)).as("threads").isLessThanOrEqualTo(threadsBefore + 3);
        }
    }

    /** R9, many times: every record ends as a result or a dead letter, and its neighbours are processed. */
    @Test
    void shouldLoseNoNeighbourWhenTenThousandRecordsAreDamaged() throws Exception {
        int damaged = 10_000;
        try (EchoCluster.Scenario scenario = cluster.scenario("fuzz")) {
            ChildJvm service = scenario.start(List.of(), Map.of());
            byte[] good = scenario.context()
                    .serde(InferenceCompleted.class)
                    .serializer()
                    .serialize(scenario.input(), EchoStage.input("x", "fine"));
            for (int i = 0; i < damaged; i++) {
                scenario.sendRaw(("bad" + i).getBytes(UTF_8), Poison.damaged(good, random));
                if (i % 100 == 99) {
                    scenario.send(i, i + 1, "fine");
                }
            }
            await().atMost(Duration.ofMinutes(10))
                    .pollInterval(Duration.ofSeconds(2))
                    .until(() -> scenario.results().committed().size()
                                    + scenario.deadLetters().committed().size()
                            == damaged + damaged / 100);
            assertThat(scenario.results().keys().filter(key -> key.startsWith("p")))
                    .hasSize(damaged / 100);
            assertThat(scenario.deadLetters().keys()).hasSizeGreaterThan(damaged / 2);
            assertThat(service.isAlive()).as("with a heap of 128 MB").isTrue();
        }
    }

    private static long threads(ChildJvm process) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("Threads:"))
                .mapToLong(line -> Long.parseLong(line.substring(8).strip()))
                .findFirst()
                .orElseThrow();
    }
}
