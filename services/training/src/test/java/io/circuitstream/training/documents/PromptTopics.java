package io.circuitstream.training.documents;

import io.circuitstream.embedded.EmbeddedBroker;
import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ProgressSink;
import io.circuitstream.platform.stream.ServiceContext;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker and a registry in this process, and prompts on topics of two partitions. */
public final class PromptTopics implements AutoCloseable {
    private final EmbeddedBroker broker;
    private final EmbeddedRegistry registry;
    private final Admin admin;
    private final KafkaProducer<String, byte[]> producer;
    private final ServiceContext context;
    private final Serializer<PromptSubmitted> serializer;

    public PromptTopics(Path folder) {
        EventClasses.trust();
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        registry = EmbeddedRegistry.start(folder.resolve("registry"), 0);
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
        producer = producer(Map.of());
        context = ServiceContext.of("test", settings(), ProgressSink.NONE);
        serializer = context.serde(PromptSubmitted.class).serializer();
    }

    public String brokers() {
        return broker.bootstrapServers();
    }

    public String registryUrl() {
        return registry.url();
    }

    Settings settings() {
        return settings(brokers(), registry.url());
    }

    Settings withBrokers(String address) {
        return settings(address, registry.url());
    }

    Settings withRegistry(String url) {
        return settings(brokers(), url);
    }

    private static Settings settings(String brokers, String registryUrl) {
        return Settings.of(
                CommonSettings.all(),
                Map.of(
                        CommonSettings.BOOTSTRAP_SERVERS.key(), brokers,
                        CommonSettings.REGISTRY_URL.key(), registryUrl));
    }

    /** Makes a topic and yields its name. */
    public String make(String name) throws Exception {
        admin.createTopics(List.of(new NewTopic(name, 2, (short) 1))).all().get(10, TimeUnit.SECONDS);
        return name;
    }

    void deleteBefore(String topic, int partition, long offset) throws Exception {
        admin.deleteRecords(Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
                .all()
                .get(10, TimeUnit.SECONDS);
    }

    public void send(String topic, int partition, List<String> texts) throws Exception {
        for (String text : texts) {
            send(topic, partition, prompt(topic, text));
        }
    }

    /** @param value null for a record without one */
    void send(String topic, int partition, byte[] value) throws Exception {
        send(producer, topic, partition, value);
    }

    /** One text that is aborted, the given ones committed, one more aborted: each in a transaction of its own. */
    void sendBetweenAborted(String topic, int partition, List<String> texts) throws Exception {
        try (KafkaProducer<String, byte[]> transactional = producer(Map.of("transactional.id", topic))) {
            transactional.initTransactions();
            abort(transactional, topic, partition);
            transactional.beginTransaction();
            for (String text : texts) {
                send(transactional, topic, partition, prompt(topic, text));
            }
            transactional.commitTransaction();
            abort(transactional, topic, partition);
        }
    }

    private void abort(KafkaProducer<String, byte[]> transactional, String topic, int partition) throws Exception {
        transactional.beginTransaction();
        send(transactional, topic, partition, prompt(topic, "texas"));
        transactional.abortTransaction();
    }

    private static void send(KafkaProducer<String, byte[]> sender, String topic, int partition, byte[] value)
            throws Exception {
        sender.send(new ProducerRecord<>(topic, partition, "key", value)).get(10, TimeUnit.SECONDS);
    }

    private KafkaProducer<String, byte[]> producer(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(more);
        properties.put("bootstrap.servers", brokers());
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    private byte[] prompt(String topic, String text) {
        return bytes(
                topic,
                PromptSubmitted.newBuilder().setPromptId("p").setText(text).build());
    }

    byte[] bytes(String topic, PromptSubmitted prompt) {
        return serializer.serialize(topic, prompt);
    }

    @Override
    public void close() {
        producer.close();
        context.close();
        admin.close();
        registry.close();
        broker.close();
    }
}
