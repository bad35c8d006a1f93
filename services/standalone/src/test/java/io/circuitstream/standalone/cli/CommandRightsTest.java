package io.circuitstream.standalone.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.events.Topics;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.testkit.Rights;
import io.circuitstream.testkit.SecureCluster;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Commands with exactly the rights of docs/security.md, and with any one of them taken away. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("faults")
class CommandRightsTest {
    private static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX);
    private static final String PROMPTS = TOPICS.name(Topics.Event.PROMPTS);

    @TempDir
    static Path folder;

    private static SecureCluster cluster;
    private int partitions = 1;

    @BeforeAll
    static void start() throws Exception {
        cluster = new SecureCluster(folder.resolve("cluster"));
        for (String user : List.of("topics", "replay")) {
            cluster.allow(Rights.of(user));
            Properties properties = new Properties();
            properties.put(CommonSettings.BOOTSTRAP_SERVERS.key(), cluster.bootstrapServers());
            cluster.client(user).forEach((key, value) -> properties.put("kafka." + key, value));
            try (Writer writer = Files.newBufferedWriter(file(user))) {
                properties.store(writer, null);
            }
        }
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    @Order(1)
    void shouldMakeTopicsOrSayWhichRightIsMissingWhenAnyOneIsTakenAway() throws Exception {
        assertThat(apply().err()).isEmpty();
        for (AclBinding right : Rights.of("topics")) {
            AclBinding look = alsoMayLook(right);
            differ(right.entry().operation());
            cluster.deny(List.of(right));

            Run refused = apply();

            assertThat(refused.code()).as(right.toString()).isEqualTo(1);
            assertThat(refused.err()).contains("may not " + right.entry().operation() + " on topic circuitstream.");
            cluster.deny(List.of(look));
            cluster.allow(List.of(right));
            assertThat(apply().code()).isZero();
        }
    }

    /** What the right would imply, so that it is the change which is refused and not the look before it. */
    private static AclBinding alsoMayLook(AclBinding right) throws Exception {
        AclBinding look = new AclBinding(
                right.pattern(),
                new AccessControlEntry(
                        right.entry().principal(),
                        "*",
                        right.entry().operation() == AclOperation.ALTER_CONFIGS
                                ? AclOperation.DESCRIBE_CONFIGS
                                : AclOperation.DESCRIBE,
                        AclPermissionType.ALLOW));
        cluster.allow(List.of(look));
        return look;
    }

    /** Makes something that {@code topics --apply} needs this operation for. */
    private void differ(AclOperation operation) throws Exception {
        Admin admin = cluster.administrator();
        switch (operation) {
            case CREATE -> admin.deleteTopics(List.of(PROMPTS)).all().get();
            case ALTER -> partitions++;
            case ALTER_CONFIGS ->
                admin.incrementalAlterConfigs(Map.of(
                                new ConfigResource(ConfigResource.Type.TOPIC, PROMPTS),
                                List.of(new AlterConfigOp(
                                        new ConfigEntry("max.message.bytes", "1000"), AlterConfigOp.OpType.SET))))
                        .all()
                        .get();
            default -> throw new AssertionError(operation + " is for nothing");
        }
    }

    private Run apply() {
        return as("topics", "topics", "--apply", "--partitions", Integer.toString(partitions), "--replication", "1");
    }

    @Test
    @Order(2)
    void shouldSendLettersBackOrSayWhichRightIsMissingWhenAnyOneIsTakenAway() throws Exception {
        Map<String, List<String>> places = new TreeMap<>();
        for (AclBinding right : Rights.of("replay")) {
            String resource = right.pattern().name();
            boolean isOrigin = right.pattern().resourceType() == ResourceType.TOPIC
                    && right.entry().operation() == AclOperation.WRITE;
            String service = isOrigin || right.pattern().resourceType() != ResourceType.TOPIC
                    ? "inference"
                    : resource.substring("circuitstream.".length(), resource.lastIndexOf('.'));
            String place = put(service, isOrigin ? resource : PROMPTS);
            places.computeIfAbsent(service, none -> new ArrayList<>()).add(place);
            cluster.deny(List.of(right));

            Run refused = replay(service, List.of(place));

            assertThat(refused.code()).as(right.toString()).isEqualTo(1);
            assertThat(refused.err()).contains(resource);
            cluster.allow(List.of(right));
        }
        assertThat(places).containsOnlyKeys(Topics.STAGES);
        places.forEach((service, letters) -> {
            Run sent = replay(service, letters);
            assertThat(sent.code()).as(sent.err()).isZero();
        });
    }

    private static Run replay(String service, List<String> places) {
        List<String> command = new ArrayList<>(List.of("dead-letters", "replay", service));
        command.addAll(places);
        return as("replay", command.toArray(String[]::new));
    }

    /** Yields the place of a letter that came from the topic. */
    private static String put(String service, String origin) throws Exception {
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(TOPICS.deadLetters(service), "key".getBytes(UTF_8), new byte[] {1});
        letter.headers().add("__streams.errors.topic", origin.getBytes(UTF_8));
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", (Object) cluster.administratorServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            var metadata = producer.send(letter).get();
            return metadata.partition() + ":" + metadata.offset();
        }
    }

    private static Path file(String user) {
        return folder.resolve(user + ".properties");
    }

    private static Run as(String user, String... command) {
        String[] line = Arrays.copyOf(command, command.length + 2);
        line[command.length] = "--config";
        line[command.length + 1] = file(user).toString();
        return Run.of(line);
    }
}
