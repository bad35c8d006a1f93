package io.circuitstream.description;

import io.circuitstream.embedded.EmbeddedBroker;
import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.ModelSettings;
import io.circuitstream.platform.settings.Setting;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.topics.TopicAdmin;
import io.circuitstream.platform.topics.TopicSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker and a registry in this process, with the topics of a deployment; sends inferences and reads what is committed. */
final class Cluster implements AutoCloseable {
    static final int SHARES = 2;
    private static final String GROUP = "circuitstream-description";

    private final Path folder;
    private final EmbeddedBroker broker;
    private final EmbeddedRegistry registry;

    private Cluster(Path folder) {
        this.folder = folder;
        this.broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
        this.registry = EmbeddedRegistry.start(folder.resolve("registry"), 0);
    }

    static Cluster start(Path folder) {
        Cluster cluster = new Cluster(folder);
        Settings settings = cluster.settings(folder);
        try (TopicAdmin admin = TopicAdmin.of(settings)) {
            admin.apply(admin.plan(TopicSpec.all(settings)));
        }
        return cluster;
    }

    Settings settings(Path state) {
        List<Setting<?>> declared = new ArrayList<>(CommonSettings.all());
        declared.addAll(DescriptionSettings.all());
        return Settings.of(
                declared,
                Map.of(
                        CommonSettings.BOOTSTRAP_SERVERS.key(), broker.bootstrapServers(),
                        CommonSettings.REGISTRY_URL.key(), registry.url(),
                        CommonSettings.STATE_DIR.key(), state.toString(),
                        CommonSettings.TOPIC_PARTITIONS.key(), "2",
                        ModelSettings.MODEL.key(), "not read here",
                        ModelSettings.TRANSCODER.key(), "not read here",
                        DescriptionSettings.SHARES.key(), Integer.toString(SHARES)));
    }

    /** What a process of the service is told. */
    Map<String, String> environment(Path state, Path models) {
        return Map.of(
                "CIRCUITSTREAM_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(),
                "CIRCUITSTREAM_SCHEMA_REGISTRY_URL", registry.url(),
                "CIRCUITSTREAM_STATE_DIR", state.toString(),
                "CIRCUITSTREAM_MODEL", models.resolve("tiny").toString(),
                "CIRCUITSTREAM_TRANSCODER", models.resolve("clt").toString(),
                "CIRCUITSTREAM_TRANSACTION_TIMEOUT", "10s",
                "CIRCUITSTREAM_DESCRIPTION_SHARES", Integer.toString(SHARES));
    }

    ServiceContext context(Path state) {
        return ServiceContext.of("description", settings(state), event -> {});
    }

    void send(List<InferenceCompleted> inferences) throws ExecutionException, InterruptedException {
        ServiceContext context = context(folder);
        String topic = context.topic(Event.INFERENCES);
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", broker.bootstrapServers());
        properties.put("linger.ms", 20);
        try (var serializer = context.serde(InferenceCompleted.class).serializer();
                var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (InferenceCompleted inference : inferences) {
                byte[] value = serializer.serialize(topic, inference);
                sent.add(producer.send(new ProducerRecord<>(topic, inference.getPromptId(), value)));
            }
            for (Future<?> record : sent) {
                record.get();
            }
        }
    }

    /** Whether the service has committed everything there is to read, the repartition topic included. */
    boolean isCaughtUp() {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed");
        try (Admin admin = Admin.create(properties);
                var consumer =
                        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get();
            String inferences = context(folder).topic(Event.INFERENCES);
            // Where nothing is committed yet, as in the repartition topic at first, everything is still to be read.
            List<TopicPartition> read = consumer.listTopics().values().stream()
                    .flatMap(List::stream)
                    .filter(p -> p.topic().equals(inferences) || p.topic().endsWith("-repartition"))
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            return consumer.endOffsets(read).entrySet().stream().allMatch(end -> {
                OffsetAndMetadata place = committed.get(end.getKey());
                return (place == null ? 0 : place.offset()) >= end.getValue();
            });
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    void delete(String topic) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) broker.bootstrapServers()))) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }

    /** Key (in hex) and value (in hex) of the newest committed records of one partition. */
    Map<String, String> newest(String topic, int partition) {
        Map<String, String> newest = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records(topic, partition)) {
            String key = HexFormat.of().formatHex(record.key());
            if (record.value() == null) {
                newest.remove(key);
            } else {
                newest.put(key, HexFormat.of().formatHex(record.value()));
            }
        }
        return newest;
    }

    List<ConsumerRecord<byte[], byte[]>> records(String topic, int partition) {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed");
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
