package io.circuitstream.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.dashboard.DashboardSettings;
import io.circuitstream.embedded.EmbeddedException;
import io.circuitstream.events.HeldFeature;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Status;
import io.circuitstream.events.SteeringCompleted;
import io.circuitstream.events.SteeringRequested;
import io.circuitstream.events.Topics;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.StartupException;
import io.circuitstream.standalone.steer.KafkaSteerer;
import io.circuitstream.standalone.steer.LocalSteerer;
import io.circuitstream.standalone.trace.Trace;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class DeploymentTest {
    @RegisterExtension
    static final OpenTelemetryExtension spans = OpenTelemetryExtension.create();

    @TempDir
    Path folder;

    @Test
    void shouldKeepResultsAndGoOnWhenRestartedOnTheSameFolder() throws Exception {
        EventClasses.trust();
        PromptSubmitted first =
                Samples.request("fact : the capital of texas is").build();
        PromptSubmitted second =
                Samples.request("fact : the capital of ohio is").build();
        String traced;
        try (Deployment deployment = Deployment.start(Samples.options(folder))) {
            assertThat(get(deployment.http().resolve("/readyz"))).isEqualTo(200);
            assertThat(get(deployment.http().resolve("/livez"))).isEqualTo(200);
            Samples.trace(deployment.settings(), List.of(first));
            shouldSteerAsInThisProcess(deployment.settings());
            traced = shouldBeOneTraceFromTheRequestToTheValidation(deployment);
        }
        try (Deployment deployment = Deployment.start(locked())) {
            assertThat(get(deployment.http().resolve("/api/v1/config")))
                    .as("without the token")
                    .isEqualTo(401);
            assertThat(get(deployment.http().resolve("/readyz"))).isEqualTo(200);
            Map<String, Trace> traces = Samples.trace(deployment.settings(), List.of(second));
            assertThat(traces.get(second.getPromptId()).ok()).isTrue();
            // Each exactly once: the restart neither lost nor repeated the first.
            assertThat(Samples.keys(deployment.settings(), Topics.Event.VALIDATIONS))
                    .containsExactlyInAnyOrder(first.getPromptId(), second.getPromptId(), traced);
            assertThatThrownBy(() -> Deployment.start(Samples.options(folder)))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining(folder.toString());
            assertThatThrownBy(() -> Samples.trace(withoutRegistry(deployment), List.of(second)))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("could not be sent")
                    .hasMessageContaining("http://127.0.0.1:1");
        }
    }

    private static String shouldBeOneTraceFromTheRequestToTheValidation(Deployment deployment) throws Exception {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        spans.clearSpans();
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(deployment.http().resolve("/api/v1/traces"))
                                .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"text\": \"fact : the capital of ohio is\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        String promptId =
                new ObjectMapper().readTree(answer.body()).path("promptId").asText();
        await().atMost(Samples.PATIENCE).until(() -> Samples.keys(deployment.settings(), Topics.Event.VALIDATIONS)
                .contains(promptId));

        Map<String, SpanData> byName = spans.getSpans().stream()
                .filter(span -> span.getTraceId().equals(trace))
                .collect(Collectors.toMap(SpanData::getName, span -> span));
        Topics topics = new Topics(Topics.DEFAULT_PREFIX);
        String parent = "00f067aa0ba902b7";
        for (String name : List.of(
                "POST /api/v1/traces",
                "process " + topics.name(Topics.Event.PROMPTS),
                "process " + topics.name(Topics.Event.INFERENCES),
                "process " + topics.name(Topics.Event.GRAPHS),
                "process " + topics.name(Topics.Event.CIRCUITS))) {
            assertThat(byName).containsKey(name);
            assertThat(byName.get(name).getParentSpanId()).as(name).isEqualTo(parent);
            parent = byName.get(name).getSpanId();
        }
        ConsumerRecord<String, byte[]> validation =
                Samples.records(deployment.settings(), Topics.Event.VALIDATIONS).stream()
                        .filter(record -> record.key().equals(promptId))
                        .findFirst()
                        .orElseThrow();
        assertThat(new String(validation.headers().lastHeader("traceparent").value(), UTF_8))
                .isEqualTo("00-" + trace + "-" + parent + "-01");
        return promptId;
    }

    private static void shouldSteerAsInThisProcess(Settings settings) {
        SteeringRequested request = SteeringRequested.newBuilder()
                .setRequestId("s1")
                .setPrompt(Samples.request("fact : the capital of texas is").build())
                .setInterventions(List.of(HeldFeature.newBuilder()
                        .setLayer(1)
                        .setFeature(7)
                        .setActivation(3f)
                        .build()))
                .build();
        try (KafkaSteerer steerer = new KafkaSteerer(settings);
                TraceableModel model = TraceableModel.load(Samples.MODEL, Samples.TRANSCODER, Samples.THREADS)) {
            SteeringCompleted result = steerer.steer(request, Duration.ofMinutes(1));
            assertThat(result.getStatus()).isEqualTo(Status.OK);
            assertThat(result).isEqualTo(LocalSteerer.steer(model, 64, request));
        }
    }

    private static Settings withoutRegistry(Deployment deployment) {
        return Settings.of(
                CommonSettings.all(),
                Map.of(
                        CommonSettings.BOOTSTRAP_SERVERS.key(),
                        deployment.bootstrapServers(),
                        CommonSettings.REGISTRY_URL.key(),
                        "http://127.0.0.1:1"));
    }

    /** The same folder, with a token at the dashboard. */
    private Deployment.Options locked() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "a token of this test");
        Deployment.Options usual = Samples.options(folder);
        return new Deployment.Options(
                usual.data(),
                usual.ports(),
                usual.model(),
                usual.transcoder(),
                usual.threads(),
                usual.maxTokens(),
                null,
                null,
                Map.of(DashboardSettings.TOKEN_FILE.key(), token.toString()));
    }

    private static int get(URI uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }
}
