package io.circuitstream.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.dashboard.Dashboard;
import io.circuitstream.dashboard.DashboardSettings;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Topics;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.health.Health;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Setting;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.topics.TopicAdmin;
import io.circuitstream.platform.topics.TopicSpec;
import io.circuitstream.standalone.client.EventClient;
import io.circuitstream.testkit.Rights;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard with exactly the rights of docs/security.md, and with any one of them taken away. */
@Tag("faults")
class DashboardRightsTest {
    private static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX);
    private static final String GRAPH = """
            {"metadata": {"prompt_tokens": ["a"]},
             "nodes": [{"node_id": "E_7_0", "layer": "E", "ctx_idx": 0, "feature_type": "embedding"},
                       {"node_id": "4_9_0", "layer": "4", "ctx_idx": 0, "feature_type": "logit", "token_prob": 1}],
             "links": [{"source": "E_7_0", "target": "4_9_0", "weight": 1}]}""";

    private static final Health ALONE = new Health() {
        @Override
        public boolean isLive() {
            return true;
        }

        @Override
        public Optional<String> notReady() {
            return Optional.empty();
        }
    };

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private SecureBrokers brokers;
    private URI uri;
    private int revision;

    @Test
    void shouldSayWhichRightIsMissingWhenAnyOneIsTakenAway() throws Exception {
        EventClasses.trust();
        try (SecureBrokers started = new SecureBrokers(folder.resolve("brokers"))) {
            brokers = started;
            makeTopics();
            sendPrompt();
            List<AclBinding> rights = Rights.of("dashboard");
            try (Dashboard dashboard = dashboard("first")) {
                dashboard.start();
                uri = dashboard.uri();
                await().atMost(Samples.PATIENCE)
                        .until(() -> call("GET", "/api/v1/traces/p", "").statusCode() == 200);
                for (AclBinding right : rights) {
                    if (right.entry().operation() != AclOperation.READ) {
                        isAnsweredWithoutAndWith(right);
                    }
                }
                saysWhatItLacksToSendLettersBack();
            }
            AclBinding read = rights.stream()
                    .filter(right -> right.entry().operation() == AclOperation.READ)
                    .findFirst()
                    .orElseThrow();
            brokers.cluster().deny(List.of(read));
            try (Dashboard dashboard = dashboard("second")) {
                dashboard.start();
                uri = dashboard.uri();
                await().atMost(Samples.PATIENCE).untilAsserted(() -> assertThat(
                                call("GET", "/readyz", "").body())
                        .contains("may not READ on topic " + TOPICS.name(Event.ANNOTATIONS)));
                brokers.cluster().allow(List.of(read));
                await().atMost(Samples.PATIENCE)
                        .until(() -> call("GET", "/readyz", "").statusCode() == 200);
            }
        }
    }

    private void makeTopics() {
        Settings administrator = Settings.of(CommonSettings.all(), brokers.administrator());
        try (TopicAdmin admin = TopicAdmin.of(administrator)) {
            admin.apply(admin.plan(TopicSpec.all(administrator)));
        }
    }

    private void sendPrompt() throws Exception {
        Settings settings = Settings.of(CommonSettings.all(), brokers.settings("client"));
        try (EventClient events = new EventClient("test", settings, Map.of())) {
            PromptSubmitted prompt =
                    PromptSubmitted.newBuilder().setPromptId("p").setText("a").build();
            events.send(Event.PROMPTS, PromptSubmitted.class, List.of(prompt), PromptSubmitted::getPromptId);
        }
    }

    private Dashboard dashboard(String state) throws Exception {
        List<Setting<?>> all = new ArrayList<>(CommonSettings.all());
        all.addAll(DashboardSettings.all());
        Map<String, String> values = new HashMap<>(brokers.settings("dashboard"));
        values.put(CommonSettings.STATE_DIR.key(), folder.resolve(state).toString());
        return new Dashboard(ServiceContext.of("dashboard", Settings.of(all, values)), Dashboard.Model.UNKNOWN, ALONE);
    }

    private void isAnsweredWithoutAndWith(AclBinding right) throws Exception {
        brokers.cluster().deny(List.of(right));
        String missing = right.pattern().resourceType() == ResourceType.GROUP
                ? "may not DESCRIBE on group " + right.pattern().name()
                : "may not WRITE on topic " + right.pattern().name();
        // What is said of groups may be two seconds old.
        await().atMost(Samples.PATIENCE).untilAsserted(() -> {
            HttpResponse<String> refused = needs(right);
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(new ObjectMapper()
                            .readTree(refused.body())
                            .path("detail")
                            .asText())
                    .contains(missing);
        });
        brokers.cluster().allow(List.of(right));
        HttpResponse<String> answered = needs(right);
        assertThat(answered.statusCode()).as(right + ": " + answered.body()).isBetween(200, 202);
        if (right.pattern().name().equals(TOPICS.name(Event.ANNOTATIONS))) {
            revision++;
        }
    }

    /** The answer to a request for which the right is needed. */
    private HttpResponse<String> needs(AclBinding right) throws Exception {
        if (right.pattern().resourceType() == ResourceType.GROUP) {
            return call("GET", "/api/v1/operations", "");
        }
        Event event = List.of(Event.values()).stream()
                .filter(each -> TOPICS.name(each).equals(right.pattern().name()))
                .findFirst()
                .orElseThrow();
        return switch (event) {
            case PROMPTS -> call("POST", "/api/v1/traces", "{\"text\": \"a\"}");
            case STEERINGS ->
                call(
                        "POST",
                        "/api/v1/steerings",
                        "{\"text\": \"a\", \"interventions\": [{\"layer\": 0, \"feature\": 1, \"factor\": 2}]}");
            case LABELS -> call("PUT", "/api/v1/labels/scan/0/1", "{\"label\": \"a\"}");
            case ANNOTATIONS ->
                call("PUT", "/api/v1/traces/p/annotations", "{\"baseRevision\": " + revision + ", \"pins\": []}");
            case IMPORTS -> call("POST", "/api/v1/imports", GRAPH);
            default -> throw new AssertionError("nothing is sent to " + event);
        };
    }

    /** Rights that its table does not have. */
    private void saysWhatItLacksToSendLettersBack() throws Exception {
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(TOPICS.deadLetters("inference"), 0, null, new byte[] {1});
        letter.headers()
                .add("__streams.errors.topic", TOPICS.name(Event.PROMPTS).getBytes(UTF_8));
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", (Object) brokers.cluster().administratorServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(letter).get();
        }
        HttpResponse<String> refused =
                call("POST", "/api/v1/dead-letters/inference/replays", "{\"letters\": [\"0:0\"]}");

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        assertThat(refused.body()).contains("may not WRITE on transactional ids circuitstream-replay-*");
    }

    private HttpResponse<String> call(String method, String path, String body)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(uri.resolve(path))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
