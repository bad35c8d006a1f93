package io.circuitstream.dashboard;

import static org.awaitility.Awaitility.await;

import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.serde.EventClasses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How fast the dashboard reads what is there, and how soon a page hears of what comes. */
@Tag("benchmark")
class ReadingFigures {
    private static final int TRACES = 400;
    private static final int LIVE = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    Path folder;

    @Test
    void shouldReadAndTell() throws Exception {
        EventClasses.trust();
        try (TraceableModel model =
                        TraceableModel.load(PipelineResults.MODEL, PipelineResults.MODEL.resolve("clt"), 1);
                TestCluster cluster = new TestCluster(folder)) {
            PipelineResults results = PipelineResults.of(
                    model,
                    PromptSubmitted.newBuilder()
                            .setPromptId("texas")
                            .setText("fact : the capital of texas is")
                            .build());
            for (int i = 0; i < TRACES; i++) {
                cluster.send(results.renamed("trace-" + i));
            }
            try (Dashboard dashboard = cluster.dashboard(folder.resolve("state"), Dashboard.Model.UNKNOWN, Map.of())) {
                long start = System.nanoTime();
                dashboard.start();
                ApiClient api = new ApiClient(dashboard.uri());
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> api.get("/api/v1/operations")
                                        .json()
                                        .path("dashboard")
                                        .path("events")
                                        .intValue()
                                >= 5 * TRACES);
                double seconds = (System.nanoTime() - start) / 1e9;
                System.out.printf(
                        "%d events of %d traces in %.1f s with the start: %.0f events a second%n",
                        5 * TRACES, TRACES, seconds, 5 * TRACES / seconds);
                tell(cluster, dashboard);
            }
        }
    }

    /** From before a prompt is sent to the page's having its event, one at a time. */
    private static void tell(TestCluster cluster, Dashboard dashboard) throws Exception {
        long[] micros = new long[LIVE];
        try (LiveClient page = new LiveClient(dashboard.uri(), null)) {
            await().until(() -> !page.named("hello").isEmpty());
            for (int i = 0; i < LIVE; i++) {
                int seen = page.named("trace").size();
                PromptSubmitted prompt = PromptSubmitted.newBuilder()
                        .setPromptId("live-" + i)
                        .setText("a")
                        .build();
                long sent = System.nanoTime();
                cluster.producer().send(Event.PROMPTS, prompt.getPromptId(), PromptSubmitted.class, prompt);
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> page.named("trace").size() > seen);
                List<LiveClient.Received> traces = page.named("trace");
                micros[i] = (traces.get(traces.size() - 1).nanos() - sent) / 1_000;
            }
        }
        Arrays.sort(micros);
        System.out.printf(
                "sending to page: p50 %.1f ms, p95 %.1f ms, p99 %.1f ms%n",
                micros[LIVE / 2] / 1e3, micros[LIVE * 95 / 100] / 1e3, micros[LIVE * 99 / 100] / 1e3);
    }
}
