package io.circuitstream.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.dashboard.traces.ServedModel;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.platform.serde.EventClasses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A dashboard on a real broker that has read what the real stages make of one prompt, {@code texas}. One for all test classes whose
 * constructor takes it: starting it takes longer than most of their tests, so each looks only at what it sent itself.
 */
final class RunningDashboard implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(20);

    private final Path folder;
    private final TraceableModel model;
    private final Dashboard dashboard;
    final TestCluster cluster;
    final ApiClient api;
    final PipelineResults texas;

    private RunningDashboard() throws IOException {
        EventClasses.trust();
        folder = Files.createTempDirectory("dashboard");
        model = TraceableModel.load(PipelineResults.MODEL, PipelineResults.MODEL.resolve("clt"), 1);
        cluster = new TestCluster(folder);
        texas = PipelineResults.of(
                model,
                PromptSubmitted.newBuilder()
                        .setPromptId("texas")
                        .setText("fact : the capital of texas is")
                        .setTags(List.of("geography"))
                        .build());
        ServedModel served = new ServedModel("tiny-ten", "h", "s", 6, 6144, 64);
        dashboard = cluster.dashboard(
                folder.resolve("state"), new Dashboard.Model(model.model().tokens(), served), Map.of());
        dashboard.start();
        api = new ApiClient(dashboard.uri());
        cluster.send(texas);
        await().atMost(SOON)
                .until(() -> api.get("/api/v1/traces/texas/validation").status() == 200);
    }

    /** What it answers with 200. */
    JsonNode ok(String path) throws Exception {
        ApiClient.Answer answer = api.get("/api/v1" + path);
        assertThat(answer.status()).as(path).isEqualTo(200);
        assertThat(answer.type()).startsWith("application/json");
        return answer.json();
    }

    @Override
    public void close() throws IOException {
        dashboard.close();
        cluster.close();
        model.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Starts it for the first class; it is stopped after the last. */
    static final class Once implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == RunningDashboard.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .getOrComputeIfAbsent(RunningDashboard.class, key -> started());
        }

        private static RunningDashboard started() {
            try {
                return new RunningDashboard();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
