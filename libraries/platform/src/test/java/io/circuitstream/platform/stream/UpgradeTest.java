package io.circuitstream.platform.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.circuitstream.embedded.EmbeddedBroker;
import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.topics.TopicAdmin;
import io.circuitstream.platform.topics.TopicSpec;
import io.circuitstream.testkit.TopicLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R19: a new version, and then the old one again, on the state and the offsets that are there. */
class UpgradeTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> KEYS = List.of("a", "b", "c");

    @TempDir
    Path folder;

    private EmbeddedBroker broker;
    private EmbeddedRegistry registry;
    private KafkaProducer<String, String> producer;

    @BeforeEach
    void start() {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        registry = EmbeddedRegistry.start(folder.resolve("registry"), 0);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()), new StringSerializer(), new StringSerializer());
        try (ServiceContext context = context(Map.of());
                TopicAdmin admin = TopicAdmin.of(context.settings())) {
            List<TopicSpec> wanted = new ArrayList<>(TopicSpec.all(context.settings()));
            wanted.add(new TopicSpec(context.deadLetterTopic(), 1, -1, Map.of()));
            admin.apply(admin.plan(wanted));
        }
    }

    @AfterEach
    void stop() {
        producer.close();
        registry.close();
        broker.close();
    }

    @Test
    void shouldGoOnWithItsStateOrSayWhatToRunWhenTheTopologyChanges() throws Exception {
        counted(false, Map.of(), 1);
        // What counts was the first part of the topology and becomes the second: its folder has another name then.
        assertThat(folder.resolve("state/circuitstream-counter/0_0/rocksdb/counts"))
                .isDirectory();

        assertThatThrownBy(() -> counted(true, Map.of(), 2))
                .isInstanceOf(StartupException.class)
                .hasMessageStartingWith("changelog circuitstream-counter-seen-changelog is missing")
                .hasMessageContaining("when this version added the store, start once with"
                        + " circuitstream.state.may.be.empty=true");
        counted(true, Map.of(CommonSettings.STATE_MAY_BE_EMPTY.key(), "true"), 2);
        assertThat(folder.resolve("state/circuitstream-counter/1_0/rocksdb/counts"))
                .isDirectory();
        counted(true, Map.of(), 3);

        String seen = context(Map.of()).topic(Event.STEERINGS);
        assertThatThrownBy(() -> counted(false, Map.of(), 4))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(
                        "kafka-consumer-groups.sh --group circuitstream-counter --topic " + seen + " --delete-offsets");
        forgetPlace(seen);
        counted(false, Map.of(), 4);
    }

    /** A changelog keeps its number of partitions, and Kafka Streams refuses another. */
    @Test
    void shouldGoOnWithoutAStoreAndStopWithOneWhenPartitionsAreAdded() throws Exception {
        counted(false, Map.of(), 1);
        copied(1);
        Map<String, String> more = Map.of(CommonSettings.TOPIC_PARTITIONS.key(), "2");
        try (ServiceContext context = context(more);
                TopicAdmin admin = TopicAdmin.of(context.settings())) {
            admin.apply(admin.plan(TopicSpec.all(context.settings())));
        }

        copied(2);
        ServiceContext context = context(more);
        try (StreamService service = context.service(topology(context, false))) {
            service.start();

            await().atMost(LIMIT).until(() -> service.lifecycle() == Lifecycle.FAILED);
            assertThat(service.blockUntilClosed()).isEqualTo(1);
        }
    }

    /** Runs a service without a store, in a group of its own, until it has copied what is sent once more. */
    private void copied(int expected) throws Exception {
        ServiceContext context =
                ServiceContext.of("inference", context(Map.of()).settings(), event -> {});
        String to = context.topic(Event.VALIDATIONS);
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(
                        context.topic(Event.LABELS),
                        Consumed.with(Serdes.String(), Serdes.String()).withName("in"))
                .to(to, Produced.with(Serdes.String(), Serdes.String()).withName("out"));
        try (StreamService service = context.service(builder.build())) {
            service.start();
            service.awaitRunning(LIMIT);
            for (String key : KEYS) {
                producer.send(new ProducerRecord<>(context.topic(Event.LABELS), key, "x"))
                        .get();
            }
            TopicLog results = new TopicLog(broker.bootstrapServers(), to);
            await().atMost(LIMIT).until(() -> results.committed().size() == KEYS.size() * expected);
        }
    }

    /** Runs a version until it has counted what is sent once more. */
    private void counted(boolean upgraded, Map<String, String> overrides, long expected) throws Exception {
        ServiceContext context = context(overrides);
        try (StreamService service = context.service(topology(context, upgraded))) {
            service.start();
            service.awaitRunning(LIMIT);
            for (String key : KEYS) {
                producer.send(new ProducerRecord<>(context.topic(Event.PROMPTS), key, "x"))
                        .get();
                producer.send(new ProducerRecord<>(context.topic(Event.STEERINGS), key, "x"))
                        .get();
            }
            TopicLog results = new TopicLog(broker.bootstrapServers(), context.topic(Event.INFERENCES));
            await().atMost(LIMIT).until(() -> results.committed().size() >= KEYS.size() * expected);
            Map<String, Long> counts = new TreeMap<>();
            results.committed()
                    .forEach(record -> counts.merge(
                            TopicLog.key(record),
                            Serdes.Long().deserializer().deserialize("", record.value()),
                            Math::max));
            assertThat(counts)
                    .containsOnly(Map.entry("a", expected), Map.entry("b", expected), Map.entry("c", expected));
        }
    }

    private ServiceContext context(Map<String, String> overrides) {
        Map<String, String> values = new HashMap<>(Map.of(
                CommonSettings.BOOTSTRAP_SERVERS.key(), broker.bootstrapServers(),
                CommonSettings.REGISTRY_URL.key(), registry.url(),
                CommonSettings.TOPIC_PARTITIONS.key(), "1",
                CommonSettings.HTTP_PORT.key(), "0",
                CommonSettings.STATE_DIR.key(), folder.resolve("state").toString()));
        values.putAll(overrides);
        return ServiceContext.of("counter", Settings.of(CommonSettings.all(), values), event -> {});
    }

    private static Topology topology(ServiceContext service, boolean upgraded) {
        StreamsBuilder builder = new StreamsBuilder();
        if (upgraded) {
            count(builder, service.topic(Event.STEERINGS), "seen", service.topic(Event.STEERED));
        }
        count(builder, service.topic(Event.PROMPTS), "counts", service.topic(Event.INFERENCES));
        return builder.build();
    }

    private static void count(StreamsBuilder builder, String from, String store, String to) {
        builder.stream(from, Consumed.with(Serdes.String(), Serdes.String()).withName(store + "-in"))
                .groupByKey(Grouped.as(store + "-groups"))
                .count(
                        Named.as(store + "-count"),
                        Materialized.<String, Long>as(Stores.persistentKeyValueStore(store))
                                .withKeySerde(Serdes.String())
                                .withValueSerde(Serdes.Long()))
                .toStream(Named.as(store + "-stream"))
                .to(to, Produced.with(Serdes.String(), Serdes.Long()).withName(store + "-out"));
    }

    private void forgetPlace(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) broker.bootstrapServers()))) {
            admin.deleteConsumerGroupOffsets("circuitstream-counter", Set.of(new TopicPartition(topic, 0)))
                    .all()
                    .get();
        }
    }
}
