package io.circuitstream.circuits.replacement;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.LiveArrays;
import io.circuitstream.circuits.TinyTest;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.RowProgress;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.intervention.Change;
import io.circuitstream.circuits.intervention.Interventions;
import io.circuitstream.circuits.model.ForwardPass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** djl.md, traps 3 and 4: nothing is left behind, and nothing depends on what runs beside. */
class EnduranceTest extends TinyTest {
    private static void prompt(int i) {
        int[] ids = {1, 2 + i % 38, 2 + i * 7 % 38};
        try (LocalReplacementModel local = LocalReplacementModel.build(model, transcoder, ids)) {
            AttributionGraph graph = Attributor.attribute(local, EXACT, RowProgress.NONE);
            Change change = Change.feature(local, i % graph.nodes().featureCount(), 0, Change.Layers.ALL_WRITTEN);
            new Interventions(local).run(change, Interventions.Mode.MODEL);
        }
        try (ForwardPass replaced = FullReplacement.run(model, transcoder, ids)) {
            assertThat(replaced.positions()).isEqualTo(3);
        }
    }

    @Test
    void shouldHoldAsManyNativeArraysAsBeforeWhenAThousandPromptsHavePassed() {
        prompt(0);
        int before = LiveArrays.count();
        for (int i = 0; i < 1000; i++) {
            prompt(i);
        }
        assertThat(LiveArrays.count()).isEqualTo(before);
    }

    /**
     * A leak that DJL does not know of. One prompt makes some 500 arrays, of 100 bytes and more natively: a leak of them
     * all over 1,000 prompts is at least 50 MB. Heap growth is taken out by counting private pages beyond the heap only
     * roughly, hence the warm-up, in which heap and allocator reach their size.
     */
    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldNotGrowTheProcessWhenAThousandPromptsHavePassed() throws IOException {
        IntStream.range(0, 500).forEach(EnduranceTest::prompt);
        long before = residentBeyondHeap();
        IntStream.range(0, 1000).forEach(EnduranceTest::prompt);
        assertThat(residentBeyondHeap() - before).isLessThan(50L << 20);
    }

    /** Resident pages minus what the heap has committed: the heap may grow, within its own limit. */
    private static long residentBeyondHeap() throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
        long resident = status.stream()
                .filter(l -> l.startsWith("RssAnon:"))
                .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) << 10)
                .sum();
        return resident - Runtime.getRuntime().totalMemory();
    }

    @Test
    void shouldGiveTheSameBytesWhenAPromptIsRepeatedOrRunsOnTwoThreads() throws Exception {
        AttributionGraph first = graph(EXACT, PROMPT);
        assertSame(graph(EXACT, PROMPT), first);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 10; round++) {
                Future<AttributionGraph> a = threads.submit(() -> graph(EXACT, PROMPT));
                Future<AttributionGraph> b = threads.submit(() -> graph(EXACT, PROMPT));
                assertSame(a.get(), first);
                assertSame(b.get(), first);
            }
        } finally {
            threads.shutdown();
        }
    }

    private static void assertSame(AttributionGraph graph, AttributionGraph first) {
        assertThat(Arrays.equals(graph.rows().val(), first.rows().val())).isTrue();
        assertThat(graph.rows().col()).isEqualTo(first.rows().col());
        assertThat(graph.rows().absSum()).isEqualTo(first.rows().absSum());
        assertThat(graph.rows().bias()).isEqualTo(first.rows().bias());
        assertThat(graph.nodes().features().digest())
                .isEqualTo(first.nodes().features().digest());
    }
}
