package io.circuitstream.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.circuitstream.dashboard.commands.EventProducer;
import io.circuitstream.embedded.EmbeddedBroker;
import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Topics;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.platform.health.Health;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Setting;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ProgressSink;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.topics.TopicAdmin;
import io.circuitstream.platform.topics.TopicSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker and a registry with all topics, and a producer of the stages' events. */
final class TestCluster implements AutoCloseable {
    private static final Health ALONE = new Health() {
        @Override
        public boolean isLive() {
            return true;
        }

        @Override
        public Optional<String> notReady() {
            return Optional.empty();
        }
    };

    private final EmbeddedBroker broker;
    private final EmbeddedRegistry registry;
    private final ServiceContext context;
    private final EventProducer producer;
    private final KafkaProducer<byte[], byte[]> raw;

    TestCluster(Path folder) {
        broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
        registry = EmbeddedRegistry.start(folder.resolve("registry"), 0);
        Settings settings = settings(Map.of());
        try (TopicAdmin admin = TopicAdmin.of(settings)) {
            admin.apply(admin.plan(TopicSpec.all(settings)));
        }
        context = ServiceContext.of("stages", settings, ProgressSink.NONE);
        producer = new EventProducer(context);
        raw = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Where it is, for settings. */
    Map<String, String> addresses() {
        return Map.of(
                CommonSettings.BOOTSTRAP_SERVERS.key(),
                broker.bootstrapServers(),
                CommonSettings.REGISTRY_URL.key(),
                registry.url(),
                CommonSettings.TOPIC_REPLICATION.key(),
                "1",
                CommonSettings.TOPIC_PARTITIONS.key(),
                "2");
    }

    Settings settings(Map<String, String> more) {
        List<Setting<?>> declared = new ArrayList<>(CommonSettings.all());
        declared.addAll(DashboardSettings.all());
        Map<String, String> values = new HashMap<>(addresses());
        values.putAll(more);
        return Settings.of(declared, values);
    }

    /** A dashboard that is not started, on a free port. */
    Dashboard dashboard(Path state, Dashboard.Model model, Map<String, String> more) {
        Map<String, String> own = new HashMap<>(more);
        own.put(CommonSettings.HTTP_PORT.key(), "0");
        own.put(CommonSettings.STATE_DIR.key(), state.toString());
        return new Dashboard(ServiceContext.of("dashboard", settings(own), ProgressSink.NONE), model, ALONE);
    }

    /** All records of the topics that a dashboard reads. */
    long records() throws Exception {
        Topics topics = new Topics(context.settings().get(CommonSettings.TOPIC_PREFIX));
        Set<String> names = Stream.of(Event.values())
                .filter(event -> event != Event.STEERINGS)
                .map(topics::name)
                .collect(Collectors.toSet());
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            admin.describeTopics(names).allTopicNames().get().forEach((name, topic) -> topic.partitions()
                    .forEach(info -> ends.put(new TopicPartition(name, info.partition()), OffsetSpec.latest())));
            return admin.listOffsets(ends).all().get().values().stream()
                    .mapToLong(ListOffsetsResult.ListOffsetsResultInfo::offset)
                    .sum();
        }
    }

    /** Any bytes, to a partition of choice; yields when the broker has them. */
    RecordMetadata put(ProducerRecord<byte[], byte[]> record) throws Exception {
        return raw.send(record).get();
    }

    void put(Event topic, int partition, String key, byte[] value) throws Exception {
        put(new ProducerRecord<>(context.topic(topic), partition, key.getBytes(UTF_8), value));
    }

    EventProducer producer() {
        return producer;
    }

    /** As the stages would, one result after the other. */
    void send(PipelineResults results) {
        String id = results.prompt().getPromptId();
        producer.send(Event.PROMPTS, id, PromptSubmitted.class, results.prompt());
        producer.send(Event.INFERENCES, id, InferenceCompleted.class, results.inference());
        producer.send(Event.GRAPHS, id, AttributionGraph.class, results.graph());
        producer.send(Event.CIRCUITS, id, Circuit.class, results.circuit());
        producer.send(Event.VALIDATIONS, id, ValidationReport.class, results.report());
    }

    @Override
    public void close() {
        raw.close();
        producer.close();
        context.close();
        registry.close();
        broker.close();
    }
}
