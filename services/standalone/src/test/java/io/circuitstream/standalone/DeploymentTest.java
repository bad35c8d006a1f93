package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.embedded.EmbeddedException;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Topics;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ProgressSink;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.stream.StartupException;
import io.circuitstream.standalone.trace.Trace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
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
        }
        try (Deployment deployment = Deployment.start(Samples.options(folder))) {
            Map<String, Trace> traces = Samples.trace(deployment.settings(), List.of(second));
            assertThat(traces.get(second.getPromptId()).ok()).isTrue();
            // Each exactly once: the restart neither lost nor repeated the first.
            assertThat(validations(deployment.settings()))
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

    /** Keys of all committed validation reports, read from the beginning. */
    private static List<String> validations(Settings settings) {
        List<String> keys = new ArrayList<>();
        try (ServiceContext context = ServiceContext.of("test", settings, ProgressSink.NONE);
                Deserializer<ValidationReport> values =
                        context.serde(ValidationReport.class).deserializer();
                KafkaConsumer<String, ValidationReport> consumer = new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                settings.get(CommonSettings.BOOTSTRAP_SERVERS),
                                "isolation.level",
                                "read_committed"),
                        new StringDeserializer(),
                        values)) {
            List<TopicPartition> partitions = consumer.partitionsFor(context.topic(Topics.Event.VALIDATIONS)).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(100)).forEach(r -> keys.add(r.key()));
            }
        }
        return keys;
    }
}
