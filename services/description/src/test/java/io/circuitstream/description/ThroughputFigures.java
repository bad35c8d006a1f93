package io.circuitstream.description;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.description.shares.PromptShare;
import io.circuitstream.description.shares.Shares;
import io.circuitstream.description.state.MemoryState;
import io.circuitstream.events.Columns;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.stream.StreamService;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 10,000 inferences of the shipped model through the service on a broker in the same process, and the stores against a batch, also
 * after a restart without the state folder: {@code -Dtest=ThroughputFigures -Dtest.excluded=}; about five minutes.
 */
@Tag("benchmark")
class ThroughputFigures {
    private static final int COUNT = 10_000;

    @TempDir
    Path folder;

    @Test
    void shouldSustainTwoHundredInferencesASecondAndHoldWhatABatchHolds() throws Exception {
        try (TraceableModel model = DemoInferences.model();
                Cluster cluster = Cluster.start(folder.resolve("cluster"))) {
            List<InferenceCompleted> different = DemoInferences.of(model, DemoInferences.texts(250));
            List<InferenceCompleted> sent = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                sent.add(different.get(i % different.size()));
            }
            long activations = sent.stream()
                    .mapToLong(i -> Columns.ints(i.getFeatureLayer()).length)
                    .sum();
            System.out.printf(
                    "%d different prompts; %d tokens and %d activations each on average%n",
                    different.size(),
                    sent.stream().mapToInt(i -> i.getTokenIds().size()).sum() / COUNT,
                    activations / COUNT);
            long begin = System.nanoTime();
            cluster.send(sent);
            System.out.printf("sending took %.1f s%n", (System.nanoTime() - begin) / 1e9);
            double rate;
            long start = System.nanoTime();
            try (StreamService service = service(cluster, model, folder.resolve("state"))) {
                awaitCaughtUp(cluster);
                double seconds = (System.nanoTime() - start) / 1e9;
                System.out.printf("%.2f ms of the stream thread's processor time each%n", streamThreadMs() / COUNT);
                System.out.printf("%.0f inferences a second with the start (%.1f s)%n", COUNT / seconds, seconds);
                service.close();
                rate = COUNT / seconds;
            }
            compare(cluster, model, sent);
            cluster.send(sent.subList(0, 100));
            sent.addAll(sent.subList(0, 100));
            long restored = System.nanoTime();
            try (StreamService service = service(cluster, model, folder.resolve("lost"))) {
                awaitCaughtUp(cluster);
                System.out.printf("restored and 100 more after %.1f s%n", (System.nanoTime() - restored) / 1e9);
                service.close();
            }
            compare(cluster, model, sent);
            assertThat(rate).isGreaterThanOrEqualTo(200);
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

    private static StreamService service(Cluster cluster, TraceableModel model, Path state)
            throws InterruptedException {
        ServiceContext context = cluster.context(state);
        StreamService service = context.service(DescriptionTopology.of(context, new Describer(model), feature -> {}));
        service.start();
        service.awaitRunning(Duration.ofMinutes(2));
        return service;
    }

    private static List<MemoryState> states(TraceableModel model, List<InferenceCompleted> sent) {
        List<InferenceCompleted> shuffled = new ArrayList<>(sent);
        Collections.shuffle(shuffled, new Random(6));
        List<MemoryState> states = new ArrayList<>();
        for (int share = 0; share < Cluster.SHARES; share++) {
            states.add(new MemoryState(model.transcoder().scan()));
        }
        for (InferenceCompleted inference : shuffled) {
            List<PromptShare> shares = new Shares(Cluster.SHARES).split(inference);
            for (int share = 0; share < Cluster.SHARES; share++) {
                states.get(share).add(List.of(shares.get(share)));
            }
        }
        return states;
    }

    private static void awaitCaughtUp(Cluster cluster) {
        await().atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(500))
                .until(cluster::isCaughtUp);
    }

    private static void compare(Cluster cluster, TraceableModel model, List<InferenceCompleted> sent) {
        List<MemoryState> states = states(model, sent);
        for (int share = 0; share < Cluster.SHARES; share++) {
            for (String store : List.of("counts", "contexts", "prompts")) {
                Map<String, String> expected = states.get(share).dump(store);
                assertThat(cluster.newest("circuitstream-description-" + store + "-changelog", share))
                        .isEqualTo(expected);
                System.out.printf("share %d, store %s: %d entries equal%n", share, store, expected.size());
            }
        }
    }
}
