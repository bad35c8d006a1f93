package io.circuitstream.platform.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.topics.TopicAdmin;
import io.circuitstream.platform.topics.TopicSpec;
import io.circuitstream.testkit.Rights;
import io.circuitstream.testkit.SecureCluster;
import io.circuitstream.testkit.TopicLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A stage with exactly the rights of docs/security.md, over TLS with SCRAM, and with one of them taken away. */
class RightsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Reads and writes what {@link EchoStage} does. */
    private static final String SERVICE = "attribution";

    @TempDir
    Path folder;

    private SecureCluster cluster;
    private int sent;

    @BeforeEach
    void start() throws Exception {
        cluster = new SecureCluster(folder.resolve("cluster"));
        Settings administrator = Settings.of(
                CommonSettings.all(),
                Map.of(
                        CommonSettings.BOOTSTRAP_SERVERS.key(),
                        cluster.administratorServers(),
                        CommonSettings.TOPIC_PARTITIONS.key(),
                        "1",
                        CommonSettings.TOPIC_REPLICATION.key(),
                        "1"));
        try (TopicAdmin admin = TopicAdmin.of(administrator)) {
            admin.apply(admin.plan(TopicSpec.all(administrator)));
        }
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void shouldRunWithTheDocumentedRightsAndSayWhichIsMissingWithoutAnyOneOfThem() throws Exception {
        List<AclBinding> rights = Rights.of(SERVICE);
        cluster.allow(rights);
        assertThat(run()).as("with all rights").isEmpty();
        for (AclBinding right : rights) {
            cluster.deny(List.of(right));
            String resource = right.pattern().name();
            assertThat(run())
                    .as(() -> "without " + right)
                    .contains(
                            right.pattern().resourceType() == ResourceType.TRANSACTIONAL_ID
                                    ? "transactional ids and topics that begin with " + resource
                                    : resource);
            cluster.allow(List.of(right));
        }
        assertThat(run()).as("with all rights again").isEmpty();
    }

    /** What it says when it does not run; nothing when it processes a record. */
    private String run() throws Exception {
        ListAppender<ILoggingEvent> errors = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(ThreadFailures.class);
        errors.start();
        log.addAppender(errors);
        ServiceContext context = ServiceContext.of(SERVICE, settings());
        TopicLog results = new TopicLog(cluster.administratorServers(), context.topic(EchoStage.OUT));
        try (StreamService service = context.service(EchoStage.topology(context, new EchoStage()))) {
            service.start();
            send(context);
            await().atMost(LIMIT)
                    .until(() -> service.lifecycle() == Lifecycle.FAILED
                            || results.committed().size() == sent);
            return errors.list.stream().map(ILoggingEvent::getFormattedMessage).collect(Collectors.joining("\n"));
        } catch (StartupException e) {
            return e.getMessage();
        } finally {
            log.detachAppender(errors);
        }
    }

    private void send(ServiceContext context) throws Exception {
        String key = "p" + sent++;
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.administratorServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            byte[] value = context.serde(InferenceCompleted.class)
                    .serializer()
                    .serialize(context.topic(EchoStage.IN), EchoStage.input(key, "fine"));
            producer.send(new ProducerRecord<>(context.topic(EchoStage.IN), key.getBytes(UTF_8), value))
                    .get();
        }
    }

    private Settings settings() throws Exception {
        Map<String, String> values = new HashMap<>(Map.of(
                CommonSettings.BOOTSTRAP_SERVERS.key(), cluster.bootstrapServers(),
                CommonSettings.REGISTRY_URL.key(), cluster.registryUrl(),
                CommonSettings.REGISTRY_USER_INFO.key(), cluster.registryUser(),
                CommonSettings.HTTP_PORT.key(), "0",
                CommonSettings.STATE_DIR.key(), folder.resolve("state").toString()));
        cluster.client(SERVICE).forEach((key, value) -> values.put("kafka." + key, value));
        return Settings.of(new ArrayList<>(CommonSettings.all()), values);
    }
}
