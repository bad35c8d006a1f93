package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.circuits.replacement.TraceableModel;
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
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentTest {
    @TempDir
    Path folder;

    @Test
    void shouldKeepResultsAndGoOnWhenRestartedOnTheSameFolder() throws Exception {
        EventClasses.trust();
        PromptSubmitted first =
                Samples.request("fact : the capital of texas is").build();
        PromptSubmitted second =
                Samples.request("fact : the capital of ohio is").build();
        try (Deployment deployment = Deployment.start(Samples.options(folder))) {
            assertThat(get(deployment.http().resolve("/readyz"))).isEqualTo(200);
            assertThat(get(deployment.http().resolve("/livez"))).isEqualTo(200);
            Samples.trace(deployment.settings(), List.of(first));
            shouldSteerAsInThisProcess(deployment.settings());
        }
        try (Deployment deployment = Deployment.start(Samples.options(folder))) {
            Map<String, Trace> traces = Samples.trace(deployment.settings(), List.of(second));
            assertThat(traces.get(second.getPromptId()).ok()).isTrue();
            // Each exactly once: the restart neither lost nor repeated the first.
            assertThat(Samples.keys(deployment.settings(), Topics.Event.VALIDATIONS))
                    .containsExactlyInAnyOrder(first.getPromptId(), second.getPromptId());
            assertThatThrownBy(() -> Deployment.start(Samples.options(folder)))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining(folder.toString());
            assertThatThrownBy(() -> Samples.trace(withoutRegistry(deployment), List.of(second)))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("could not be sent")
                    .hasMessageContaining("http://127.0.0.1:1");
        }
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

    private static int get(URI uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }
}
