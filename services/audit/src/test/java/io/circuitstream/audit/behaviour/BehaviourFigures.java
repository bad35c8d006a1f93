package io.circuitstream.audit.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.circuitstream.audit.behaviour.BehaviourCluster.Sent;
import io.circuitstream.audit.behaviour.digest.Arrival;
import io.circuitstream.audit.behaviour.digest.Beat;
import io.circuitstream.audit.behaviour.digest.CircuitDigests;
import io.circuitstream.audit.behaviour.window.Windows;
import io.circuitstream.events.BehaviourSummary;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.stream.StreamService;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many circuits of 134 nodes and 1,000 edges a second pass through the windowed part, on a broker in the same process, until their
 * windows are summarised, and what closing a window costs: {@code -Dtest=BehaviourFigures -Dtest.excluded=}.
 */
@Tag("benchmark")
class BehaviourFigures {
    private static final int COUNT = 6_000;
    private static final long SIZE = 10_000;
    private static final long STEP = 10;
    private static final Synthetic SYNTHETIC = new Synthetic("scan", 0, 120, 1_000);

    @TempDir
    Path folder;

    @Test
    void shouldPassThreeHundredCircuitsASecond() throws Exception {
        long begin = (System.currentTimeMillis() / SIZE - 20) * SIZE;
        try (BehaviourCluster cluster = BehaviourCluster.start(
                folder.resolve("cluster"),
                Map.of(
                        BehaviourSettings.SIZE.key(), "10s",
                        BehaviourSettings.GRACE.key(), "5s",
                        BehaviourSettings.QUIET.key(), "2s"))) {
            cluster.send(Event.CIRCUITS, Circuit.class, circuits(begin));
            ServiceContext context = BehaviourService.context(cluster.settings(folder.resolve("state")));
            long start = System.nanoTime();
            try (StreamService service = context.service(BehaviourService.topology(context))) {
                service.start();
                await().atMost(Duration.ofMinutes(5))
                        .pollInterval(Duration.ofMillis(500))
                        .until(() -> passed(cluster) == COUNT);
                double seconds = (System.nanoTime() - start) / 1e9;
                System.out.printf(
                        "%d circuits in %.1f s with the start and the wait for quiet: %.0f a second%n",
                        COUNT, seconds, COUNT / seconds);
                System.out.printf("%.2f ms of the stream thread's processor time each%n", streamThreadMs() / COUNT);
                service.close();
                assertThat(COUNT / seconds).isGreaterThanOrEqualTo(300);
            }
        }
    }

    /** Says what the machine's other work does not change. */
    private static double streamThreadMs() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().matches(".*StreamThread-\\d+"))
                .mapToDouble(thread -> threads.getThreadCpuTime(thread.getThreadId()) / 1e6)
                .sum();
    }

    private static long passed(BehaviourCluster cluster) {
        return cluster.read(Event.BEHAVIOURS, BehaviourSummary.class).stream()
                .mapToLong(s -> s.event().getCircuits() + s.event().getLate())
                .sum();
    }

    private static List<Sent<Circuit>> circuits(long begin) {
        Random random = new Random(1);
        List<Circuit> different = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            different.add(SYNTHETIC.circuit("p" + i, random));
        }
        List<Sent<Circuit>> sent = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            sent.add(new Sent<>("p" + i, different.get(i % different.size()), begin + STEP * i));
        }
        return sent;
    }

    @Test
    void shouldCloseAWindowInSeconds() {
        Settings settings = BehaviourService.settings("none", "http://none", folder, Map.of());
        Windows windows = new Windows(
                BehaviourSettings.times(settings),
                BehaviourSettings.limits(settings),
                Stores.inMemoryKeyValueStore("states").get(),
                Stores.inMemoryKeyValueStore("entries").get(),
                () -> 0);
        Random random = new Random(2);
        long size = BehaviourSettings.times(settings).size();
        long bytes = 0;
        for (int i = 0; i < COUNT; i++) {
            Arrival arrival = new Arrival("p" + i, CircuitDigests.of(SYNTHETIC.circuit("p" + i, random)));
            bytes += arrival.entry().length;
            windows.add("scan", arrival, i % 2 * size + i);
        }
        System.out.printf("%d bytes for each circuit%n", bytes / COUNT);
        windows.beat(new Beat(0, Long.MIN_VALUE, 0), summary -> {});
        long[] start = {System.nanoTime()};
        windows.beat(new Beat(0, Long.MAX_VALUE, Duration.ofHours(1).toMillis()), summary -> {
            System.out.printf(
                    "window of %d circuits closed in %.2f s (%s drift; %d features, %d edges)%n",
                    summary.getCircuits(),
                    (System.nanoTime() - start[0]) / 1e9,
                    summary.getDrift() == null ? "without" : "with",
                    summary.getFeatures(),
                    summary.getEdges());
            start[0] = System.nanoTime();
        });
    }
}
