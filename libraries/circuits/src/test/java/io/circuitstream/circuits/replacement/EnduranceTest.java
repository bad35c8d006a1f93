package io.circuitstream.circuits.replacement;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.LiveArrays;
import io.circuitstream.circuits.TinyFeatures;
import io.circuitstream.circuits.TinyTest;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.RowProgress;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.intervention.Change;
import io.circuitstream.circuits.intervention.Interventions;
import io.circuitstream.circuits.intervention.Mode;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.transcoder.Transcoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** djl.md, traps 3 and 4: nothing is left behind, and nothing depends on what runs beside. */
class EnduranceTest extends TinyTest {
    private static final int[] LONG =
            IntStream.range(0, 24).map(i -> 1 + i * 7 % 38).toArray();

    private static void prompt(int i) {
        prompt(transcoder, i);
    }

    private static void prompt(Transcoder used, int i) {
        int[] ids = {1, 2 + i % 38, 2 + i * 7 % 38};
        try (LocalReplacementModel local = LocalReplacementModel.build(model, used, ids)) {
            AttributionGraph graph = Attributor.attribute(local, EXACT, RowProgress.NONE);
            Change change = Change.feature(local, i % graph.nodes().featureCount(), 0, Change.Layers.ALL_WRITTEN);
            for (Mode mode : List.of(Mode.DIRECT, Mode.MODEL, new Mode.Constrained(0, 1, true))) {
                new Interventions(local).run(change, mode);
            }
        }
        try (ForwardPass replaced = FullReplacement.run(model, used, ids)) {
            assertThat(replaced.positions()).isEqualTo(3);
        }
    }

    @Test
    void shouldHoldNoMoreArraysWhenRowsAreComputedOnSeveralThreads() {
        int before = TensorRuntime.threads();
        TensorRuntime.start(2);
        try {
            IntStream.range(0, 5).forEach(EnduranceTest::prompt);
            int arrays = LiveArrays.count();
            IntStream.range(0, 50).forEach(EnduranceTest::prompt);
            assertThat(LiveArrays.count()).isEqualTo(arrays);
        } finally {
            TensorRuntime.start(Math.max(1, before));
        }
    }

    /** A long prompt has thousands of batches: what each leaves until the prompt ends adds up to gigabytes. */
    @Test
    void shouldHoldNoMoreArraysWhenMoreBatchesOfAPromptHavePassed() {
        List<Integer> counts = new ArrayList<>();
        try (LocalReplacementModel local = LocalReplacementModel.build(model, transcoder, LONG)) {
            Attributor.attribute(local, EXACT, done -> counts.add(LiveArrays.count()));
        }
        assertThat(counts).hasSizeGreaterThan(4);
        assertThat(Collections.max(counts)).isEqualTo(counts.get(1));
    }

    /**
     * DJL's own count, and resident pages for what it does not know of. Measured: with {@link ForwardPass#close} broken
     * (78 arrays a prompt) every window of 200 prompts grows by 11 MB or more; without a leak the heap touches new pages
     * only until it has its size, and the least growth is below zero.
     */
    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldHoldNoMoreNativeMemoryWhenAThousandPromptsHavePassed() throws IOException {
        IntStream.range(0, 100).forEach(EnduranceTest::prompt);
        int arrays = LiveArrays.count();
        long least = Long.MAX_VALUE;
        for (int window = 0; window < 5; window++) {
            long before = residentBytes();
            IntStream.range(window * 200, window * 200 + 200).forEach(EnduranceTest::prompt);
            least = Math.min(least, residentBytes() - before);
        }
        assertThat(LiveArrays.count()).isEqualTo(arrays);
        assertThat(least).isLessThan(4L << 20);
    }

    @ParameterizedTest
    @EnumSource
    void shouldHoldNoMoreArraysWhenAPromptHasPassed(TinyFeatures features) throws IOException {
        try (Transcoder used = features.open(shared, model)) {
            int before = LiveArrays.count();
            prompt(used, 3);
            assertThat(LiveArrays.count()).isEqualTo(before);
        }
    }

    private static long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(l -> l.startsWith("RssAnon:"))
                .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();
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
