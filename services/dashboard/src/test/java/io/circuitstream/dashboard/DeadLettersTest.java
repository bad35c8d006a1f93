package io.circuitstream.dashboard;

import static io.circuitstream.dashboard.RunningDashboard.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Topics;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.deadletters.DeadLetter;
import io.circuitstream.platform.deadletters.DeadLetters;
import io.circuitstream.platform.deadletters.Replay;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.testkit.TopicLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Letters with the headers that Kafka Streams gives them. */
@ExtendWith(RunningDashboard.Once.class)
class DeadLettersTest {
    private static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX);
    private static final String PROMPTS = TOPICS.name(Event.PROMPTS);
    private static final String KEY = "sent-again";

    private final RunningDashboard dashboard;
    private final String brokers;

    DeadLettersTest(RunningDashboard dashboard) {
        this.dashboard = dashboard;
        this.brokers = dashboard.cluster.addresses().get(CommonSettings.BOOTSTRAP_SERVERS.key());
    }

    @Test
    void shouldListShowAndSendAgainWhenThereAreLetters() throws Exception {
        assertThat(dashboard.ok("/dead-letters/inference").path("records")).isEmpty();
        byte[] value = prompt(KEY);
        String place = put("inference", value, PROMPTS);

        JsonNode listed = dashboard.ok("/dead-letters/inference").path("records");
        assertThat(listed).hasSize(1);
        assertThat(listed.path(0).path("place").textValue()).isEqualTo(place);
        assertThat(listed.path(0).path("key").textValue()).isEqualTo(KEY);
        assertThat(listed.path(0).path("bytes").intValue()).isEqualTo(value.length);
        assertThat(listed.path(0).path("exception").textValue()).isEqualTo("a.Bug");
        assertThat(listed.path(0).path("message").textValue()).isEqualTo("it broke");
        assertThat(listed.path(0).path("replays").intValue()).isEqualTo(2);
        assertThat(listed.path(0).path("origin").toString())
                .isEqualTo("{\"topic\":\"" + PROMPTS + "\",\"partition\":1,\"offset\":41}");

        JsonNode shown = dashboard.ok("/dead-letters/inference/" + place);
        assertThat(shown.path("stacktrace").textValue()).isEqualTo("at line 1");
        assertThat(shown.path("preview").textValue()).startsWith("00").hasSize(2 * value.length);
        assertThat(shown.path("headers").toString()).isEqualTo("[{\"name\":\"traceparent\",\"value\":\"t\"}]");

        ApiClient.Answer answer = replay("inference", place);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("sent").toString())
                .isEqualTo("[{\"place\":\"" + place + "\",\"topic\":\"" + PROMPTS + "\",\"partition\":1}]");
        await().atMost(SOON)
                .until(() -> dashboard.api.get("/api/v1/traces/sent-again").status() == 200);
        ConsumerRecord<byte[], byte[]> sent = new TopicLog(brokers, PROMPTS)
                .committed().stream()
                        .filter(record -> KEY.equals(TopicLog.key(record)))
                        .reduce((first, second) -> {
                            throw new AssertionError("sent twice");
                        })
                        .orElseThrow();
        assertThat(sent.partition()).isEqualTo(1);
        assertThat(sent.value()).isEqualTo(value);
        assertThat(headers(sent))
                .containsExactlyInAnyOrder(
                        "traceparent=t", "circuitstream.replays=3", "circuitstream.replayed.from=inference/" + place);
    }

    @Test
    void shouldSendNoneWhenOneCannotBeSent() throws Exception {
        String known = put("pruning", new byte[] {1}, TOPICS.name(Event.STEERINGS));
        String unknown = put("pruning", new byte[] {1}, null);

        ApiClient.Answer withoutOrigin = replay("pruning", known, unknown);
        ApiClient.Answer missing = replay("pruning", known, "0:999");

        assertThat(withoutOrigin.status()).isEqualTo(400);
        assertThat(withoutOrigin.json().path("detail").textValue())
                .isEqualTo(
                        "dead letter " + unknown + " of pruning does not say from which topic it came; none was sent");
        assertThat(missing.status()).isEqualTo(404);
        assertThat(new TopicLog(brokers, TOPICS.name(Event.STEERINGS)).committed())
                .isEmpty();
        assertThat(dashboard
                        .ok("/dead-letters/pruning")
                        .path("records")
                        .path(0)
                        .path("origin")
                        .isNull())
                .isTrue();
    }

    @Test
    void shouldRefuseToSendWhenALetterWasReadWithoutItsValue() throws Exception {
        put("attribution", new byte[] {1}, TOPICS.name(Event.LABELS));
        Settings settings = dashboard.cluster.settings(Map.of());
        List<DeadLetter> listed = new DeadLetters(settings).newest("attribution", 1);

        try (Replay replay = new Replay(settings)) {
            assertThatThrownBy(() -> replay.send(listed))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith("was read without its value");
        }
    }

    @Test
    void shouldSayWhatIsWrongWhenNothingLikeItExists() throws Exception {
        assertThat(dashboard.api.get("/api/v1/dead-letters/inferences").status())
                .isEqualTo(404);
        assertThat(dashboard.api.get("/api/v1/dead-letters/validation/9:9").status())
                .isEqualTo(404);
        assertThat(dashboard.api.get("/api/v1/dead-letters/validation/12").status())
                .isEqualTo(400);
        assertThat(replay("validation").status()).isEqualTo(400);
        assertThat(replay("validation", "12").status()).isEqualTo(400);
    }

    private ApiClient.Answer replay(String service, String... places) throws Exception {
        return dashboard.api.post("/api/v1/dead-letters/" + service + "/replays", Map.of("letters", List.of(places)));
    }

    private byte[] prompt(String id) {
        return dashboard
                .cluster
                .producer()
                .bytes(
                        Event.PROMPTS,
                        PromptSubmitted.class,
                        PromptSubmitted.newBuilder()
                                .setPromptId(id)
                                .setText("a")
                                .build());
    }

    /** Yields the place. */
    private String put(String service, byte[] value, @Nullable String topic) throws Exception {
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(TOPICS.deadLetters(service), 0, KEY.getBytes(UTF_8), value);
        letter.headers().add("traceparent", "t".getBytes(UTF_8));
        letter.headers().add("circuitstream.replays", "2".getBytes(UTF_8));
        if (topic != null) {
            Map.of(
                            "topic", topic,
                            "partition", "1",
                            "offset", "41",
                            "exception", "a.Bug",
                            "message", "it broke",
                            "stacktrace", "at line 1")
                    .forEach((name, text) -> letter.headers().add("__streams.errors." + name, text.getBytes(UTF_8)));
        }
        var metadata = dashboard.cluster.put(letter);
        return metadata.partition() + ":" + metadata.offset();
    }

    private static List<String> headers(ConsumerRecord<byte[], byte[]> entry) {
        List<String> headers = new ArrayList<>();
        entry.headers().forEach(h -> headers.add(h.key() + "=" + new String(h.value(), UTF_8)));
        return headers;
    }
}
