package io.circuitstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.audit.chain.SigningKey;
import io.circuitstream.events.Topics;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.topics.TopicAdmin;
import io.circuitstream.platform.topics.TopicSpec;
import io.circuitstream.standalone.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a prompt through a deployment to a finding that verifies, and one bit of it that does not. */
class VerifyAuditCommandTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Path MODEL = Path.of("../../models/tiny-ten");
    private static final int PARTITIONS = 4;

    @TempDir
    Path folder;

    private Deployment deployment;
    private List<String> where;

    @BeforeEach
    void start() throws InterruptedException, IOException {
        Path rules = Files.writeString(
                folder.resolve("rules.yaml"),
                "rules: [{name: any, kind: low-trust, severity: info, completenessBelow: 1.0}]");
        deployment = Deployment.start(new Deployment.Options(
                folder.resolve("data"), Deployment.Ports.ANY, MODEL, MODEL.resolve("clt"), 1, 64, null, rules));
        where = List.of(
                "--bootstrap-servers",
                deployment.bootstrapServers(),
                "--schema-registry-url",
                deployment.registryUrl());
    }

    @AfterEach
    void stop() {
        deployment.close();
    }

    @Test
    void shouldVerifyWhatADeploymentFoundAndNameTheBitThatWasChanged() throws Exception {
        String key = deployment.auditKey().toString();
        assertThat(run("trace", "fact : the capital of texas is").code()).isZero();
        await().atMost(LIMIT).untilAsserted(() -> {
            Run verified = run("verify-audit", "--public-key", key, "--json");
            assertThat(verified.code()).as(verified.out() + verified.err()).isZero();
            assertThat(sum(new ObjectMapper().readTree(verified.out()), "signedFindings"))
                    .isEqualTo(1);
        });
        Run text = run("verify-audit", "--public-key", key);
        assertThat(text.out()).endsWith("4 partitions, all as they were written" + System.lineSeparator());

        copy();
        Run copied = run("verify-audit", "--public-key", key, "--topic-prefix", "copy", "--json");
        assertThat(copied.code()).isEqualTo(1);
        assertThat(copied.out()).contains("it is of circuitstream.findings.v1");
        Run changed = run(
                "verify-audit",
                "--public-key",
                key,
                "--topic-prefix",
                "copy",
                "--signed-topic",
                "circuitstream.findings.v1");
        assertThat(changed.code()).isEqualTo(1);
        assertThat(changed.out())
                .containsOnlyOnce("BAD")
                .contains("altered: topic copy.findings.v1, partition ")
                .contains("offset 0, sequence 1: its hash is not that of its content")
                .contains("1 of 4 partitions are not as they were written");
    }

    @Test
    void shouldRefuseCheckpointsWhenTheKeyIsAnother() {
        Path other = folder.resolve("other.pub.pem");
        SigningKey.generate(folder.resolve("other.pem"), other);
        await().atMost(LIMIT).untilAsserted(() -> {
            Run verified =
                    run("verify-audit", "--public-key", deployment.auditKey().toString());
            assertThat(verified.code()).as(verified.out() + verified.err()).isZero();
        });

        Run foreign = run("verify-audit", "--public-key", other.toString());

        assertThat(foreign.code()).isEqualTo(1);
        assertThat(foreign.out())
                .contains("checkpoint by another key: topic circuitstream.checkpoints.v1, partition 0");
        assertThat(run(
                                "verify-audit",
                                "--public-key",
                                folder.resolve("nowhere.pem").toString())
                        .err())
                .contains("nowhere.pem")
                .contains("openssl pkey");
        assertThat(run("verify-audit").code()).as("without a key").isEqualTo(2);
    }

    /** Findings with one bit of every one changed, checkpoints as they are. */
    private void copy() throws Exception {
        Settings settings = Settings.of(
                CommonSettings.all(),
                Map.of(
                        CommonSettings.BOOTSTRAP_SERVERS.key(),
                        deployment.bootstrapServers(),
                        CommonSettings.TOPIC_PREFIX.key(),
                        "copy"));
        Topics copies = new Topics("copy");
        Set<String> names = Set.of(copies.name(Event.FINDINGS), copies.name(Event.CHECKPOINTS));
        try (TopicAdmin admin = TopicAdmin.of(settings)) {
            admin.apply(admin.plan(TopicSpec.all(settings).stream()
                    .filter(spec -> names.contains(spec.name()))
                    .toList()));
        }
        Topics originals = new Topics(Topics.DEFAULT_PREFIX);
        Map<String, Object> properties = Map.of("bootstrap.servers", deployment.bootstrapServers());
        try (var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (Event event : List.of(Event.CHECKPOINTS, Event.FINDINGS)) {
                for (ConsumerRecord<byte[], byte[]> record : records(originals.name(event))) {
                    byte[] value = record.value().clone();
                    if (event == Event.FINDINGS) {
                        value[value.length - 40] ^= 1;
                    }
                    producer.send(new ProducerRecord<>(copies.name(event), record.partition(), null, value))
                            .get();
                }
            }
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", deployment.bootstrapServers(), "isolation.level", "read_committed");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            for (int i = 0; i < PARTITIONS; i++) {
                TopicPartition partition = new TopicPartition(topic, i);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).get(partition);
                while (consumer.position(partition) < end) {
                    consumer.poll(Duration.ofMillis(50)).forEach(records::add);
                }
            }
        }
        return records;
    }

    private static int sum(JsonNode document, String field) {
        int sum = 0;
        for (JsonNode partition : document.get("partitions")) {
            sum += partition.get(field).asInt();
        }
        return sum;
    }

    private Run run(String command, String... arguments) {
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(List.of(arguments));
        line.addAll(where);
        return Run.of(line.toArray(String[]::new));
    }
}
