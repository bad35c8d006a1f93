package io.circuitstream.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.circuitstream.audit.behaviour.Synthetic;
import io.circuitstream.events.Circuit;
import io.circuitstream.platform.stream.StreamService;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Circuits of a traced sample's size through the whole service on a broker in the same process, with rules of every kind; one in ten is a
 * finding: {@code -Dtest=AuditFigures -Dtest.excluded=}.
 */
@Tag("benchmark")
class AuditFigures {
    private static final int COUNT = 10_000;
    /** With the nodes that every made-up circuit has 71 nodes; the ten sample prompts' circuits have 68 nodes and 773 edges on average. */
    private static final int FEATURES = 48;

    private static final int EDGES = 773;

    @TempDir
    Path folder;

    @Test
    void shouldKeepUpWhenCircuitsPass() throws Exception {
        try (Cluster cluster = Cluster.start(folder.resolve("cluster"))) {
            long seed = System.nanoTime();
            Random random = new Random(seed);
            Synthetic synthetic = new Synthetic(AuditEvents.SCAN, 0, FEATURES, EDGES);
            List<Circuit> circuits = new ArrayList<>();
            int findings = 0;
            for (int i = 0; i < COUNT; i++) {
                Circuit circuit = synthetic.circuit("p" + i, random);
                if (i % 10 == 0) {
                    circuit.getNodes().add(AuditEvents.feature(1, 17, 2, .9));
                    findings++;
                }
                circuits.add(circuit);
            }
            cluster.send(circuits);
            long bytes = cluster.records("circuitstream.circuits.v1", 0, true).stream()
                    .mapToLong(record -> record.value().length)
                    .sum();
            System.out.printf("seed %d; %d circuits, %d bytes in partition 0%n", seed, COUNT, bytes);
            long start = System.nanoTime();
            try (StreamService service = Audit.of(cluster.context(folder.resolve("state")))) {
                service.start();
                int expected = findings;
                await().atMost(Duration.ofMinutes(5))
                        .pollInterval(Duration.ofMillis(200))
                        .until(() -> cluster.end("circuitstream.vectors.v1") >= COUNT
                                && cluster.count("circuitstream.findings.v1") >= expected);
                double seconds = (System.nanoTime() - start) / 1e9;
                System.out.printf("%.2f ms of the stream thread's processor time each%n", streamThreadMs() / COUNT);
                System.out.printf("%.0f circuits a second with the start (%.1f s)%n", COUNT / seconds, seconds);
                service.close();
            }
            assertThat(cluster.count("circuitstream.findings.v1")).isEqualTo(findings);
        }
    }

    private static double streamThreadMs() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                        .filter(thread ->
                                thread != null && thread.getThreadName().contains("StreamThread"))
                        .mapToLong(thread -> threads.getThreadCpuTime(thread.getThreadId()))
                        .sum()
                / 1e6;
    }
}
