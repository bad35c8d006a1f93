package io.circuitstream.platform.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.circuitstream.embedded.EmbeddedBroker;
import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.Topics;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.topics.RecordLimits;
import io.circuitstream.platform.topics.TopicAdmin;
import io.circuitstream.platform.topics.TopicSpec;
import io.circuitstream.testkit.ChildJvm;
import io.circuitstream.testkit.FaultPoint;
import io.circuitstream.testkit.TopicLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One broker and registry, and for each scenario topics of its own and processes that run {@link EchoStage}. What was sent is
 * the ledger; what must come out is computed anew by the same stage in this process.
 */
final class EchoCluster implements AutoCloseable {
    static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(4);
    static final Duration SESSION_TIMEOUT = Duration.ofSeconds(2);
    /** A crash costs the readers a transaction's time-out, the peers a session's; the rest is for a machine that is busy. */
    static final Duration LIMIT = TRANSACTION_TIMEOUT.plus(SESSION_TIMEOUT).multipliedBy(10);

    private final Path folder;
    private final AutoCloseable brokers;
    private final String bootstrapServers;
    private final EmbeddedRegistry registry;
    private final AtomicInteger processes = new AtomicInteger();

    /** On these brokers, which it owns. */
    EchoCluster(Path folder, AutoCloseable brokers, String bootstrapServers) {
        this.folder = folder;
        this.brokers = brokers;
        this.bootstrapServers = bootstrapServers;
        this.registry = EmbeddedRegistry.start(folder.resolve("registry"), 0);
    }

    /** On one broker in this process. */
    static EchoCluster start(Path folder) {
        EmbeddedBroker broker = EmbeddedBroker.start(
                folder.resolve("broker"),
                0,
                Map.of(
                        "group.min.session.timeout.ms", "1000",
                        "offsets.topic.num.partitions", "3",
                        "transaction.state.log.num.partitions", "3",
                        "transaction.abort.timed.out.transaction.cleanup.interval.ms", "500"));
        return new EchoCluster(folder, broker, broker.bootstrapServers());
    }

    /** A deployment of the echo stage; its prefix names topics and group. */
    Scenario scenario(String prefix) {
        return new Scenario(prefix);
    }

    @Override
    public void close() throws Exception {
        registry.close();
        brokers.close();
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Not thread-safe. */
    final class Scenario implements AutoCloseable {
        private final String prefix;
        private final ServiceContext context;
        private final Map<String, String> sent = new HashMap<>();
        private final List<ChildJvm> children = new ArrayList<>();
        private final KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "max.request.size", RecordLimits.MAX_RECORD_BYTES),
                new ByteArraySerializer(),
                new ByteArraySerializer());

        private Scenario(String prefix) {
            this.prefix = prefix;
            this.context = ServiceContext.of("echo", Settings.of(CommonSettings.all(), values()), done -> {});
            List<TopicSpec> wanted = new ArrayList<>(TopicSpec.all(context.settings()));
            wanted.removeIf(spec -> !List.of(input(), output(), context.topic(Topics.Event.PROGRESS))
                    .contains(spec.name()));
            wanted.add(new TopicSpec(context.deadLetterTopic(), 1, -1, Map.of()));
            try (TopicAdmin admin = TopicAdmin.of(context.settings())) {
                admin.apply(admin.plan(wanted));
            }
        }

        private Map<String, String> values() {
            return Map.of(
                    CommonSettings.BOOTSTRAP_SERVERS.key(),
                    bootstrapServers,
                    CommonSettings.REGISTRY_URL.key(),
                    registry.url(),
                    CommonSettings.TOPIC_PREFIX.key(),
                    prefix,
                    CommonSettings.APPLICATION_ID_PREFIX.key(),
                    prefix,
                    CommonSettings.TRANSACTION_TIMEOUT.key(),
                    TRANSACTION_TIMEOUT.toSeconds() + "s",
                    "kafka.consumer.session.timeout.ms",
                    Long.toString(SESSION_TIMEOUT.toMillis()),
                    "kafka.consumer.heartbeat.interval.ms",
                    "300",
                    CommonSettings.TOPIC_PARTITIONS.key(),
                    "2");
        }

        String input() {
            return context.topic(EchoStage.IN);
        }

        String output() {
            return context.topic(EchoStage.OUT);
        }

        ServiceContext context() {
            return context;
        }

        /** Starts a process and waits until it has started; what is in {@code overrides} replaces its settings. */
        ChildJvm start(List<String> fault, Map<String, String> overrides) throws InterruptedException {
            int number = processes.incrementAndGet();
            Map<String, String> environment = new HashMap<>(FaultPoint.environment());
            values().forEach((key, value) -> environment.put(variable(key), value));
            environment.put(
                    variable(CommonSettings.STATE_DIR.key()),
                    folder.resolve("state-" + number).toString());
            environment.putAll(overrides);
            List<String> options = new ArrayList<>(fault);
            options.add("-Xmx128m");
            ChildJvm child = ChildJvm.start(new ChildJvm.Command(
                    "echo-" + number, EchoMain.class.getName(), options, List.of(), environment, folder));
            children.add(child);
            return child;
        }

        ChildJvm start() throws InterruptedException {
            return start(List.of(), Map.of());
        }

        private static String variable(String key) {
            return key.toUpperCase(Locale.ROOT).replace('.', '_');
        }

        /** Sends records with these ids, whose text is the given one, and waits until the broker has them. */
        void send(int from, int to, String text) throws ExecutionException, InterruptedException {
            for (int id = from; id < to; id++) {
                String key = "p" + id;
                byte[] value = context.serde(InferenceCompleted.class)
                        .serializer()
                        .serialize(input(), EchoStage.input(key, text));
                sent.put(key, text);
                var acknowledged = producer.send(new ProducerRecord<>(input(), key.getBytes(UTF_8), value));
                if (id == to - 1) {
                    acknowledged.get();
                }
            }
            producer.flush();
        }

        /** Sends bytes as they are; they are no part of the ledger. */
        void sendRaw(byte[] key, byte[] value) throws ExecutionException, InterruptedException {
            producer.send(new ProducerRecord<>(input(), key, value)).get();
        }

        long committed() {
            return results().committed().size();
        }

        TopicLog results() {
            return new TopicLog(bootstrapServers, output());
        }

        TopicLog deadLetters() {
            return new TopicLog(bootstrapServers, context.deadLetterTopic());
        }

        void awaitCommitted(long count) {
            await().atMost(LIMIT).until(() -> committed() >= count);
        }

        /** Every record that was sent has exactly one committed result, the one that an undisturbed stage yields. */
        void awaitExactlyWhatWasSent() {
            awaitCommitted(sent.size());
            Map<String, InferenceCompleted> results = new HashMap<>();
            for (var entry : results().committed()) {
                InferenceCompleted result =
                        context.serde(InferenceCompleted.class).deserializer().deserialize(output(), entry.value());
                assertThat(results.put(TopicLog.key(entry), result))
                        .as("twice: %s", TopicLog.key(entry))
                        .isNull();
            }
            assertThat(results.keySet()).isEqualTo(sent.keySet());
            sent.forEach((key, text) -> assertThat(results.get(key)).as(key).isEqualTo(expected(key, text)));
        }

        private static InferenceCompleted expected(String key, String text) {
            return new EchoStage().process(Received.asWritten(EchoStage.input(key, text)), done -> {});
        }

        /** Members of the group now. */
        int members() throws ExecutionException, InterruptedException {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) bootstrapServers))) {
                String group = context.applicationId();
                return admin.describeConsumerGroups(List.of(group))
                        .all()
                        .get()
                        .get(group)
                        .members()
                        .size();
            }
        }

        void awaitMembers(int count) {
            await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> assertThat(members())
                    .as(() -> "members; "
                            + children.stream().map(ChildJvm::output).collect(Collectors.joining("\n-----\n")))
                    .isEqualTo(count));
        }

        @Override
        public void close() {
            children.forEach(ChildJvm::close);
            producer.close();
            context.close();
        }
    }
}
