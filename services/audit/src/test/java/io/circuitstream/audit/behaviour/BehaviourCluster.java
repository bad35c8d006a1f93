package io.circuitstream.audit.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.circuitstream.embedded.EmbeddedBroker;
import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.topics.TopicAdmin;
import io.circuitstream.platform.topics.TopicSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker and a registry in this process, with the topics of a deployment: two partitions each. */
final class BehaviourCluster implements AutoCloseable {
    private static final int PARTITIONS = 2;

    private final Path folder;
    private final Map<String, String> own;
    private final EmbeddedBroker broker;
    private final EmbeddedRegistry registry;

    private BehaviourCluster(Path folder, Map<String, String> own) {
        this.folder = folder;
        this.own = new HashMap<>(own);
        this.own.put(CommonSettings.TOPIC_PARTITIONS.key(), Integer.toString(PARTITIONS));
        this.broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
        this.registry = EmbeddedRegistry.start(folder.resolve("registry"), 0);
    }

    static BehaviourCluster start(Path folder, Map<String, String> own) {
        BehaviourCluster cluster = new BehaviourCluster(folder, own);
        Settings settings = cluster.settings(folder);
        try (TopicAdmin admin = TopicAdmin.of(settings)) {
            admin.apply(admin.plan(TopicSpec.all(settings)));
        }
        return cluster;
    }

    Settings settings(Path state) {
        return BehaviourService.settings(broker.bootstrapServers(), registry.url(), state, own);
    }

    /** What a process is told. */
    Map<String, String> environment(Path state) {
        Map<String, String> environment = new HashMap<>();
        own.forEach((key, value) -> environment.put(key.replace('.', '_').toUpperCase(java.util.Locale.ROOT), value));
        environment.put("CIRCUITSTREAM_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
        environment.put("CIRCUITSTREAM_SCHEMA_REGISTRY_URL", registry.url());
        environment.put("CIRCUITSTREAM_STATE_DIR", state.toString());
        environment.put("CIRCUITSTREAM_TRANSACTION_TIMEOUT", "10s");
        return environment;
    }

    /** An event with its key and its record's timestamp. */
    record Sent<T extends SpecificRecord>(String key, T event, long timestamp) {}

    <T extends SpecificRecord> void send(Event topic, Class<T> type, List<Sent<T>> events)
            throws ExecutionException, InterruptedException {
        Map<String, Object> properties = Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 20);
        try (ServiceContext context = BehaviourService.context(settings(folder));
                Serializer<T> serializer = context.serde(type).serializer();
                var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (Sent<T> e : events) {
                byte[] value = serializer.serialize(context.topic(topic), e.event());
                sent.add(
                        producer.send(new ProducerRecord<>(context.topic(topic), null, e.timestamp(), e.key(), value)));
            }
            for (Future<?> record : sent) {
                record.get();
            }
        }
    }

    /** The committed events of a topic, partition after partition. */
    <T extends SpecificRecord> List<Sent<T>> read(Event topic, Class<T> type) {
        try (ServiceContext context = BehaviourService.context(settings(folder));
                var deserializer = context.serde(type).deserializer()) {
            String name = context.topic(topic);
            return IntStream.range(0, PARTITIONS)
                    .boxed()
                    .flatMap(partition -> records(new TopicPartition(name, partition)).stream())
                    .map(r -> new Sent<>(
                            new String(r.key(), UTF_8), deserializer.deserialize(name, r.value()), r.timestamp()))
                    .toList();
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> records(TopicPartition partition) {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
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
