package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Topics;
import io.circuitstream.events.ValidationSettings;
import io.circuitstream.standalone.trace.LocalTracer;
import io.circuitstream.standalone.trace.Trace;
import io.circuitstream.testkit.ChildJvm;
import io.circuitstream.testkit.TopicLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same prompts in one process, in a process for each service over TLS with the rights of docs/security.md and no others, and without Kafka: the same bytes. */
class SixProcessTest {
    private static final List<String> SERVICES =
            List.of("inference", "attribution", "pruning", "validation", "description", "audit", "dashboard");
    private static final String EXTRA = "refused : an unknown target";

    @TempDir
    Path folder;

    @Test
    void shouldGiveTheSameBytesWhenStagesAreProcessesOrOneProcessOrPlainCalls() throws Exception {
        List<PromptSubmitted> prompts = new ArrayList<>(Samples.prompts());
        PromptSubmitted failing = Samples.request(EXTRA).build();
        failing.getAttribution().setTargetTokens(List.of("no-such-token"));
        prompts.add(failing);
        PromptSubmitted longest = longest(prompts);
        prompts.add(longest);

        Map<String, Trace> traces = local(prompts);
        Map<String, List<String>> local = Samples.digests(traces);
        assertThat(local).hasSize(12);
        Circuit circuit = traces.get(longest.getPromptId()).circuit();
        assertThat(circuit.getSkippedRows()).as("bounded").isPositive();
        assertThat(circuit.getLeftOutEdges()).as("more than a record holds").isPositive();
        assertThat(Samples.digests(standalone(prompts))).isEqualTo(local);
        assertThat(Samples.digests(sixProcesses(prompts))).isEqualTo(local);
    }

    /** All samples in one, as long as a prompt may be: its graph is bounded, and larger than a record. */
    private static PromptSubmitted longest(List<PromptSubmitted> prompts) {
        String text = prompts.stream()
                .flatMap(prompt -> Arrays.stream(prompt.getText().split(" ")))
                .limit(63)
                .collect(Collectors.joining(" "));
        return Samples.request(text)
                .setValidation(ValidationSettings.newBuilder().setEnabled(false).build())
                .build();
    }

    private static Map<String, Trace> local(List<PromptSubmitted> prompts) {
        Samples.Collector collector = new Samples.Collector();
        try (TraceableModel model = TraceableModel.load(Samples.MODEL, Samples.TRANSCODER, Samples.THREADS)) {
            new LocalTracer(model, 64).trace(prompts, collector);
        }
        return collector.traces;
    }

    private Map<String, Trace> standalone(List<PromptSubmitted> prompts) throws InterruptedException {
        try (Deployment deployment = Deployment.start(Samples.options(folder.resolve("one")))) {
            return Samples.trace(deployment.settings(), prompts);
        }
    }

    private Map<String, Trace> sixProcesses(List<PromptSubmitted> prompts) throws Exception {
        SecureBrokers brokers = new SecureBrokers(folder.resolve("secure"));
        try (ProcessDeployment deployment =
                ProcessDeployment.start(folder.resolve("six"), Map.of(), Map.of(), brokers, SERVICES)) {
            Map<String, Trace> traces = Samples.trace(deployment.settings(), prompts);
            awaitTheOthers(brokers, prompts.size());
            Metrics scraped = new Metrics();
            for (String service : SERVICES) {
                scraped.add(get(brokers.http(service).resolve("/metrics")));
            }
            scraped.areThoseOfTheDocumentation();
            for (ChildJvm stage : deployment.stages()) {
                stage.terminate();
                assertThat(stage.awaitExit(60)).as(stage.output()).isZero();
            }
            return traces;
        }
    }

    /** Those behind the pipeline, which have all of it now: features are described, circuits audited, prompts shown. */
    private static void awaitTheOthers(SecureBrokers brokers, int prompts) {
        String servers = brokers.cluster().administratorServers();
        Topics topics = new Topics(Topics.DEFAULT_PREFIX);
        await().atMost(Samples.PATIENCE).untilAsserted(() -> {
            assertThat(new TopicLog(servers, topics.name(Topics.Event.FEATURES)).keys())
                    .isNotEmpty();
            // All but the one that was refused.
            assertThat(new TopicLog(servers, topics.name(Topics.Event.VECTORS)).keys())
                    .hasSize(prompts - 1);
            assertThat(get(brokers.http("dashboard").resolve("/api/v1/traces")).split("\"promptId\""))
                    .hasSize(prompts + 1);
        });
    }

    private static String get(URI uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
