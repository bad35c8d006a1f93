package io.circuitstream.platform.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.embedded.EmbeddedBroker;
import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.topics.TopicAdmin;
import io.circuitstream.platform.topics.TopicSpec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R11: a version that could not write its results does not start. */
class SchemaAtStartTest {
    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;
    private static EmbeddedRegistry registry;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        registry = EmbeddedRegistry.start(folder.resolve("registry"), 0);
    }

    @AfterAll
    static void stop() {
        registry.close();
        broker.close();
    }

    @Test
    void shouldNotStartAndPrintTheDifferenceWhenTheRegistryHasAnIncompatibleSchema() throws Exception {
        String subject = URI.create(registry.url()) + "/subjects/older.graphs.v1-value/versions";
        String schema =
                "{\"schema\": \"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"AttributionGraph\\\",\\\"namespace\\\":"
                        + "\\\"io.circuitstream.events\\\",\\\"fields\\\":[{\\\"name\\\":\\\"promptId\\\","
                        + "\\\"type\\\":\\\"long\\\"}]}\"}";
        HttpResponse<String> registered = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(subject))
                                .POST(HttpRequest.BodyPublishers.ofString(schema))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(registered.statusCode()).as(registered.body()).isEqualTo(200);

        try (StreamService service = service("older", registry.url())) {
            assertThatThrownBy(service::start)
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("the schema registry refuses")
                    .hasMessageContaining("older.graphs.v1-value")
                    .hasMessageContaining("TYPE_MISMATCH at /fields/0/type");
        }
    }

    @Test
    void shouldNameTheRegistryWhenItDoesNotAnswerInTime() {
        try (StreamService service = service("away", "http://127.0.0.1:1")) {
            assertThatThrownBy(service::start)
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("http://127.0.0.1:1")
                    .hasMessageContaining("waited 1 s");
        }
    }

    private static StreamService service(String prefix, String registryUrl) {
        Map<String, String> values = new HashMap<>(Map.of(
                CommonSettings.BOOTSTRAP_SERVERS.key(),
                broker.bootstrapServers(),
                CommonSettings.REGISTRY_URL.key(),
                registryUrl,
                CommonSettings.TOPIC_PREFIX.key(),
                prefix,
                CommonSettings.APPLICATION_ID_PREFIX.key(),
                prefix,
                CommonSettings.STATE_DIR.key(),
                folder.resolve("state").toString(),
                CommonSettings.TOPIC_PARTITIONS.key(),
                "1",
                CommonSettings.STARTUP_TIMEOUT.key(),
                "1s"));
        Settings settings = Settings.of(CommonSettings.all(), values);
        ServiceContext context = ServiceContext.of("echo", settings);
        List<TopicSpec> topics = new ArrayList<>(TopicSpec.all(settings));
        topics.add(new TopicSpec(context.deadLetterTopic(), 1, -1, topics.get(0).configs()));
        try (TopicAdmin admin = TopicAdmin.of(settings)) {
            admin.apply(admin.plan(topics));
        }
        return context.service(EchoStage.topology(context, new EchoStage()));
    }
}
