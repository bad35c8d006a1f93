package io.circuitstream.audit.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.circuitstream.audit.behaviour.BehaviourCluster.Sent;
import io.circuitstream.audit.behaviour.digest.Arrival;
import io.circuitstream.audit.behaviour.digest.Beat;
import io.circuitstream.audit.behaviour.digest.CircuitDigests;
import io.circuitstream.audit.behaviour.digest.TrustDigest;
import io.circuitstream.audit.behaviour.window.Windows;
import io.circuitstream.events.BehaviourSummary;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitVector;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.testkit.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real broker, with two partitions and a grace that is shorter than any restart. */
class BehaviourServiceTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final long SEED = 7;
    private static final long SIZE = 30_000;
    /** Not long ago: the broker deletes records whose timestamps are older than its retention. */
    private static final long BEGIN = (System.currentTimeMillis() / SIZE - 20) * SIZE;

    private static final int CIRCUITS = 3_000;
    private static final int WINDOWS = 10;
    private static final Synthetic SYNTHETIC = new Synthetic("scan", 0, 48, 150);

    @TempDir
    Path folder;

    private BehaviourCluster cluster;
    private final List<Sent<Circuit>> circuits = new ArrayList<>();
    private final List<Sent<ValidationReport>> reports = new ArrayList<>();

    @BeforeEach
    void start() {
        cluster = BehaviourCluster.start(
                folder.resolve("cluster"),
                Map.of(
                        BehaviourSettings.SIZE.key(), "30s",
                        BehaviourSettings.GRACE.key(), "5s",
                        BehaviourSettings.QUIET.key(), "5s",
                        BehaviourSettings.SAMPLE.key(), "60",
                        BehaviourSettings.PERMUTATIONS.key(), "39"));
        Random random = new Random(SEED);
        for (int i = 0; i < CIRCUITS; i++) {
            String prompt = "p" + i;
            long time = BEGIN + 100L * i;
            circuits.add(new Sent<>(
                    prompt, i % 40 == 0 ? SYNTHETIC.failed(prompt) : SYNTHETIC.circuit(prompt, random), time));
            if (i % 5 == 0) {
                reports.add(new Sent<>(prompt, SYNTHETIC.report(prompt, random), time));
            }
        }
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void shouldSummariseEveryWindowOnceAndAsUndisturbedWhenItsProcessIsKilledAtWork() throws Exception {
        cluster.send(Event.CIRCUITS, Circuit.class, circuits.subList(0, CIRCUITS / 2));
        cluster.send(Event.VALIDATIONS, ValidationReport.class, reports.subList(0, reports.size() / 2));

        try (ChildJvm first = process("first")) {
            await().atMost(LIMIT).until(() -> !cluster.read(Event.VECTORS, CircuitVector.class)
                    .isEmpty());
            first.kill9();
        }
        assertThat(summaries()).as("killed before its work was done").isEmpty();
        try (ChildJvm second = process("second")) {
            await().atMost(LIMIT).until(() -> !summaries().isEmpty());
            second.kill9();
        }
        assertThat(summaries()).hasSizeLessThanOrEqualTo(WINDOWS / 2);
        cluster.send(Event.CIRCUITS, Circuit.class, circuits.subList(CIRCUITS / 2, CIRCUITS));
        cluster.send(Event.VALIDATIONS, ValidationReport.class, reports.subList(reports.size() / 2, reports.size()));
        // The state folder of the third is empty: what it needs comes from the changelogs.
        try (ChildJvm third = process("third")) {
            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(hashes(summaries())).as(third.output()).hasSizeGreaterThanOrEqualTo(WINDOWS));
            third.terminate();
            assertThat(third.awaitExit(60)).as(third.output()).isZero();
        }

        assertThat(hashes(summaries())).as("seed %d", SEED).isEqualTo(hashes(expected()));
        assertThat(cluster.read(Event.VECTORS, CircuitVector.class)).hasSize(CIRCUITS - CIRCUITS / 40);
    }

    private ChildJvm process(String state) {
        return ChildJvm.start(new ChildJvm.Command(
                "behaviour",
                BehaviourMain.class.getName(),
                List.of("-Xmx512m"),
                List.of(),
                cluster.environment(folder.resolve(state)),
                folder));
    }

    private List<BehaviourSummary> summaries() {
        return cluster.read(Event.BEHAVIOURS, BehaviourSummary.class).stream()
                .map(Sent::event)
                .toList();
    }

    private static List<String> hashes(List<BehaviourSummary> summaries) {
        return summaries.stream()
                .map(s -> s.getWindowStart() + " " + s.getCircuits() + " late " + s.getLate() + " "
                        + Received.asWritten(s).sha256())
                .toList();
    }

    /** In one go, in memory, everything from one source. */
    private List<BehaviourSummary> expected() {
        Settings settings = cluster.settings(folder);
        Windows windows = new Windows(
                BehaviourSettings.times(settings),
                BehaviourSettings.limits(settings),
                Stores.inMemoryKeyValueStore("states").get(),
                Stores.inMemoryKeyValueStore("entries").get(),
                () -> 0);
        reports.forEach(r -> windows.add("scan", new Arrival(r.key(), TrustDigest.of(r.event())), r.timestamp()));
        circuits.forEach(c -> windows.add("scan", new Arrival(c.key(), CircuitDigests.of(c.event())), c.timestamp()));
        List<BehaviourSummary> closed = new ArrayList<>();
        windows.beat(new Beat(0, Long.MIN_VALUE, 0), closed::add);
        windows.beat(new Beat(0, Long.MAX_VALUE, 10_000), closed::add);
        assertThat(closed).hasSize(WINDOWS);
        return closed;
    }
}
