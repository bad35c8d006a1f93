package io.circuitstream.audit;

import io.circuitstream.audit.chain.ChainReader;
import io.circuitstream.audit.chain.SigningKey;
import io.circuitstream.embedded.EmbeddedBroker;
import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.Topics;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Setting;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.topics.TopicAdmin;
import io.circuitstream.platform.topics.TopicSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker and a registry in this process, with the topics of a deployment, a key and a rule that every test circuit meets. */
final class Cluster implements AutoCloseable {
    static final int PARTITIONS = 2;

    final SigningKey key;
    private final Path folder;
    private final EmbeddedBroker broker;
    private final EmbeddedRegistry registry;

    private Cluster(Path folder) throws IOException {
        this.folder = folder;
        this.broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
        this.registry = EmbeddedRegistry.start(folder.resolve("registry"), 0);
        this.key = SigningKey.generate(folder.resolve("key.pem"), folder.resolve("key.pub.pem"));
        Files.writeString(folder.resolve("rules.yaml"), """
                rules:
                  - {name: f, kind: watched-feature, severity: critical, layer: 1, feature: 17, influence: 0.2}
                """);
    }

    static Cluster start(Path folder) throws IOException {
        Cluster cluster = new Cluster(folder);
        cluster.makeTopics("circuitstream", EnumSet.allOf(Event.class));
        return cluster;
    }

    /** The topics of those events, and the dead letters' in the deployment of the service itself. */
    void makeTopics(String prefix, Set<Event> events) {
        Settings settings = settings(folder, Map.of(CommonSettings.TOPIC_PREFIX.key(), prefix));
        Set<String> names = events.stream().map(new Topics(prefix)::name).collect(Collectors.toSet());
        names.add(new Topics("circuitstream").deadLetters("audit"));
        try (TopicAdmin admin = TopicAdmin.of(settings)) {
            admin.apply(admin.plan(TopicSpec.all(settings).stream()
                    .filter(spec -> names.contains(spec.name()))
                    .toList()));
        }
    }

    Settings settings(Path state, Map<String, String> more) {
        List<Setting<?>> declared = new ArrayList<>(CommonSettings.all());
        declared.addAll(AuditSettings.all());
        Map<String, String> values = new HashMap<>(Map.of(
                CommonSettings.BOOTSTRAP_SERVERS.key(), broker.bootstrapServers(),
                CommonSettings.REGISTRY_URL.key(), registry.url(),
                CommonSettings.STATE_DIR.key(), state.toString(),
                CommonSettings.TOPIC_PARTITIONS.key(), Integer.toString(PARTITIONS),
                AuditSettings.KEY.key(), folder.resolve("key.pem").toString(),
                AuditSettings.RULES.key(), folder.resolve("rules.yaml").toString(),
                AuditSettings.CHECKPOINT_DELAY.key(), "500ms"));
        values.putAll(more);
        return Settings.of(declared, values);
    }

    /** What a process of the service is told. */
    Map<String, String> environment(Path state) {
        return Map.of(
                "CIRCUITSTREAM_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(),
                "CIRCUITSTREAM_SCHEMA_REGISTRY_URL", registry.url(),
                "CIRCUITSTREAM_STATE_DIR", state.toString(),
                "CIRCUITSTREAM_TRANSACTION_TIMEOUT", "5s",
                "KAFKA_CONSUMER_SESSION_TIMEOUT_MS", "6000",
                "CIRCUITSTREAM_AUDIT_KEY", folder.resolve("key.pem").toString(),
                "CIRCUITSTREAM_AUDIT_RULES", folder.resolve("rules.yaml").toString(),
                "CIRCUITSTREAM_AUDIT_CHECKPOINT_DELAY", "500ms");
    }

    ServiceContext context(Path state) {
        return ServiceContext.of("audit", settings(state, Map.of()), event -> {});
    }

    ChainReader reader(String prefix) {
        return new ChainReader(settings(folder, Map.of(CommonSettings.TOPIC_PREFIX.key(), prefix)));
    }

    void send(List<Circuit> circuits) throws ExecutionException, InterruptedException {
        String topic = context(folder).topic(Event.CIRCUITS);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var serializer = context(folder).serde(Circuit.class).serializer()) {
            for (Circuit circuit : circuits) {
                records.add(new ProducerRecord<>(
                        topic,
                        circuit.getPromptId().getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        serializer.serialize(topic, circuit)));
            }
        }
        sendAll(records);
    }

    void sendAll(List<ProducerRecord<byte[], byte[]>> records) throws ExecutionException, InterruptedException {
        Map<String, Object> properties = Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 20);
        try (var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (ProducerRecord<byte[], byte[]> record : records) {
                sent.add(producer.send(record));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        }
    }

    /** Committed records of a topic. */
    int count(String topic) {
        int count = 0;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            count += records(topic, partition, true).size();
        }
        return count;
    }

    /** Sum of the offsets at which committed records end, without reading them: transactions' markers count too. */
    long end(String topic) {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
            return consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    /** Of one partition, in order; with or without what was never committed. */
    List<ConsumerRecord<byte[], byte[]>> records(String topic, int partition, boolean committed) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "fetch.max.wait.ms",
                20,
                "isolation.level",
                committed ? "read_committed" : "read_uncommitted");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition only = new TopicPartition(topic, partition);
            consumer.assign(List.of(only));
            consumer.seekToBeginning(List.of(only));
            long end = consumer.endOffsets(List.of(only)).get(only);
            while (consumer.position(only) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    @Override
    public void close() {
        registry.close();
        broker.close();
    }
}
