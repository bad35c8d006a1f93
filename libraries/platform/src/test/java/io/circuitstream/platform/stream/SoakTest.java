package io.circuitstream.platform.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.testkit.ChildJvm;
import io.circuitstream.testkit.LoopbackCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * R23: instances killed and terminated, brokers killed, poison, mixed by a seed for ten minutes ({@code -Dcircuitstream.soak.minutes}):
 * {@code circuitstream test -Psoak}.
 */
@Tag("soak")
class SoakTest {
    private static final long SEED = Long.getLong("circuitstream.seed", System.nanoTime());
    private static final Duration TIME = Duration.ofMinutes(Long.getLong("circuitstream.soak.minutes", 10));
    private static final Duration RECOVERY = Duration.ofMinutes(3);
    private static final int BATCH = 150;

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private final Map<String, Integer> faults = new TreeMap<>();
    private int sent;
    private int poison;

    @Test
    void shouldLoseAndDoubleNothingAndStayFlatWhenEverythingFailsForMinutes() throws Exception {
        System.out.println("circuitstream.seed=" + SEED);
        EventClasses.trust();
        LoopbackCluster brokers = new LoopbackCluster(folder.resolve("brokers"), 3);
        try (EchoCluster cluster = new EchoCluster(folder, brokers, brokers.bootstrapServers());
                EchoCluster.Scenario scenario = cluster.scenario("soak")) {
            ChildJvm constant = scenario.start();
            ChildJvm guest = scenario.start();
            Footprint early = null;
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < TIME.toNanos()) {
                scenario.send(sent, sent + BATCH, "slow");
                sent += BATCH;
                guest = strike(scenario, brokers, guest);
                await().atMost(RECOVERY).ignoreExceptions().until(() -> scenario.committed() >= sent);
                if (early == null && System.nanoTime() - begin > TIME.toNanos() / 4) {
                    early = Footprint.of(constant);
                }
            }
            scenario.awaitExactlyWhatWasSent();
            await().atMost(RECOVERY)
                    .until(() -> scenario.deadLetters().committed().size() >= poison);
            assertThat(scenario.deadLetters().committed()).hasSize(poison);
            Footprint late = Footprint.of(constant);
            System.out.printf("%d records, faults %s%n%s%n%s%n", sent, faults, early, late);
            assertThat(faults.keySet()).containsExactlyInAnyOrder("broker", "kill", "poison", "terminate");
            assertThat(late.threads()).isLessThanOrEqualTo(early.threads() + 3);
            assertThat(late.files()).isLessThanOrEqualTo(early.files() + 10);
            assertThat(late.kilobytes()).isLessThan(early.kilobytes() * 5 / 4);
        }
    }

    private ChildJvm strike(EchoCluster.Scenario scenario, LoopbackCluster brokers, ChildJvm guest) throws Exception {
        switch (random.nextInt(4)) {
            case 0 -> {
                faults.merge("kill", 1, Integer::sum);
                guest.kill9();
                return scenario.start();
            }
            case 1 -> {
                faults.merge("terminate", 1, Integer::sum);
                guest.terminate();
                assertThat(guest.awaitExit(60)).isZero();
                return scenario.start();
            }
            case 2 -> {
                faults.merge("broker", 1, Integer::sum);
                int id = 1 + random.nextInt(3);
                brokers.broker(id).kill9();
                brokers.restart(id);
            }
            default -> {
                faults.merge("poison", 1, Integer::sum);
                byte[] good = scenario.context()
                        .serde(InferenceCompleted.class)
                        .serializer()
                        .serialize(scenario.input(), EchoStage.input("x", "fine"));
                for (byte[] value : Poison.values(good, random)) {
                    scenario.sendRaw(("bad" + poison++).getBytes(UTF_8), value);
                }
            }
        }
        return guest;
    }

    /** What a process holds. */
    private record Footprint(long kilobytes, long threads, long files) {
        static Footprint of(ChildJvm process) throws IOException {
            Path proc = Path.of("/proc/" + process.pid());
            Map<String, Long> status = new TreeMap<>();
            for (String line : Files.readAllLines(proc.resolve("status"))) {
                String[] parts = line.split(":", 2);
                String digits = parts[1].replaceAll("\\D", "");
                if (parts[0].equals("VmRSS") || parts[0].equals("Threads")) {
                    status.put(parts[0], Long.parseLong(digits));
                }
            }
            try (Stream<Path> files = Files.list(proc.resolve("fd"))) {
                return new Footprint(status.get("VmRSS"), status.get("Threads"), files.count());
            }
        }
    }
}
