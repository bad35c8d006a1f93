package io.circuitstream.standalone.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.embedded.EmbeddedBroker;
import io.circuitstream.events.Topics;
import io.circuitstream.testkit.TopicLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Letters with the headers that Kafka Streams gives them, on a real broker. */
class DeadLettersCommandTest {
    private static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX);
    private static final String PROMPTS = TOPICS.name(Topics.Event.PROMPTS);
    private static final byte[] VALUE = {0, 1, 2, (byte) 0xff};

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(folder, 0);
        assertThat(run("topics", "--apply", "--replication", "1").code()).isZero();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    /** Here because this broker has the topics already: without --apply nothing is changed. */
    @Test
    void shouldWarnOfTheAuditWhenTopicsWouldGetMorePartitions() {
        Run asked = run("topics", "--partitions", "8", "--replication", "1");

        assertThat(asked.code()).isEqualTo(1);
        assertThat(asked.out()).contains("~ " + PROMPTS + " partitions 4 -> 8", "nothing was changed");
        assertThat(asked.err()).contains("audit", "docs/upgrading.md");
        assertThat(run("topics", "--replication", "1").err()).doesNotContain("audit");
    }

    @Test
    void shouldListShowAndSendAgainWhenThereAreLetters() throws Exception {
        assertThat(run("dead-letters", "list").out()).isEqualTo("no dead letters\n");
        String place = put("inference", "k", PROMPTS);

        JsonNode listed = json(run("dead-letters", "list", "--json")).get(0);
        assertThat(listed.get("place").asText()).isEqualTo(place);
        assertThat(listed.get("service").asText()).isEqualTo("inference");
        assertThat(listed.get("topic").asText()).isEqualTo(PROMPTS);
        assertThat(listed.get("partition").asInt()).isEqualTo(2);
        assertThat(listed.get("offset").asLong()).isEqualTo(41);
        assertThat(run("dead-letters", "list", "inference").out())
                .contains("inference " + place, "key k, 4 bytes from " + PROMPTS + "-2@41", "a.Bug: it broke");

        Path value = folder.resolve("value");
        Run shown = run("dead-letters", "show", "inference", place, "--value", value.toString());
        assertThat(shown.out()).contains("at line 1", "first bytes: 000102ff");
        assertThat(Files.readAllBytes(value)).isEqualTo(VALUE);

        Run replayed = run("dead-letters", "replay", "inference", place);
        assertThat(replayed.code()).as(replayed.err()).isZero();
        assertThat(replayed.out()).isEqualTo("sent " + place + " to " + PROMPTS + "-2\n");
        // The mark of a transaction comes after the answer to its sender.
        List<ConsumerRecord<byte[], byte[]>> sent = await().until(
                        () -> new TopicLog(broker.bootstrapServers(), PROMPTS).committed(),
                        records -> !records.isEmpty());
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0).partition()).isEqualTo(2);
        assertThat(sent.get(0).value()).isEqualTo(VALUE);
        assertThat(headers(sent.get(0)))
                .containsExactlyInAnyOrder(
                        "traceparent=t", "circuitstream.replays=1", "circuitstream.replayed.from=inference/" + place);
    }

    @Test
    void shouldSendNoneWhenOneDoesNotSayWhereItCameFrom() throws Exception {
        String known = put("pruning", "k", TOPICS.name(Topics.Event.GRAPHS));
        String unknown = put("pruning", "k", null);

        Run replayed = run("dead-letters", "replay", "pruning", known, unknown);

        assertThat(replayed.code()).isEqualTo(1);
        assertThat(replayed.err())
                .isEqualTo("dead letter " + unknown + " of pruning does not say from which topic it came\n");
        assertThat(new TopicLog(broker.bootstrapServers(), TOPICS.name(Topics.Event.GRAPHS)).written())
                .isEmpty();
    }

    @Test
    void shouldSayWhatIsWrongWhenTheLetterOrTheServiceDoesNotExist() {
        Run service = run("dead-letters", "list", "inferences");
        assertThat(service.code()).isEqualTo(2);
        assertThat(service.err()).contains("'inferences' is no service with dead letters, which are inference,");
        Run place = run("dead-letters", "show", "inference", "12");
        assertThat(place.code()).isEqualTo(2);
        assertThat(place.err()).contains("'12' is not PARTITION:OFFSET");
        Run missing = run("dead-letters", "show", "validation", "9:9");
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err()).isEqualTo("validation has no dead letter at 9:9: see `dead-letters list`\n");
    }

    /** Yields the place. */
    private static String put(String service, String key, String topic) throws Exception {
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(TOPICS.deadLetters(service), key.getBytes(UTF_8), VALUE);
        letter.headers().add("traceparent", "t".getBytes(UTF_8));
        if (topic != null) {
            Map.of(
                            "topic", topic,
                            "partition", "2",
                            "offset", "41",
                            "exception", "a.Bug",
                            "message", "it broke",
                            "stacktrace", "at line 1")
                    .forEach((name, value) -> letter.headers().add("__streams.errors." + name, value.getBytes(UTF_8)));
        }
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", (Object) broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            var metadata = producer.send(letter).get();
            return metadata.partition() + ":" + metadata.offset();
        }
    }

    private static List<String> headers(ConsumerRecord<byte[], byte[]> entry) {
        List<String> headers = new ArrayList<>();
        entry.headers().forEach(h -> headers.add(h.key() + "=" + new String(h.value(), UTF_8)));
        return headers;
    }

    private static JsonNode json(Run run) throws IOException {
        assertThat(run.code()).as(run.err()).isZero();
        return new ObjectMapper().readTree(run.out());
    }

    private static Run run(String... arguments) {
        List<String> line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
        return Run.of(line.toArray(String[]::new));
    }
}
