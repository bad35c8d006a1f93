package io.circuitstream.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.circuitstream.audit.chain.SigningKey;
import io.circuitstream.audit.rules.RuleFile;
import io.circuitstream.audit.rules.RuleSet;
import io.circuitstream.audit.rules.RuleSource;
import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.AuditCheckpoint;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.SteeringCompleted;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Setting;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ServiceContext;
import io.micrometer.core.instrument.Counter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The service without a broker: pipes events in, reads findings, checkpoints and dead letters. */
final class Driver implements AutoCloseable {
    static final Instant START = Instant.ofEpochMilli(1_700_000_000_000L);

    final ServiceContext service;
    final SigningKey key;
    private final EmbeddedRegistry registry;
    private final RuleSet rules;
    private Instant wallClock = START;
    private TopologyTestDriver driver;

    Driver(Path folder, String rules, Map<String, String> more) {
        this.rules = RuleFile.parse("test", rules);
        registry = EmbeddedRegistry.start(folder.resolve("registry"), 0);
        key = SigningKey.generate(folder.resolve("key.pem"), folder.resolve("key.pub.pem"));
        List<Setting<?>> declared = new ArrayList<>(CommonSettings.all());
        declared.addAll(AuditSettings.all());
        Map<String, String> values = new HashMap<>(more);
        values.put(CommonSettings.REGISTRY_URL.key(), registry.url());
        values.put(CommonSettings.STATE_DIR.key(), folder.resolve("state").toString());
        values.put(AuditSettings.KEY.key(), folder.resolve("key.pem").toString());
        service = ServiceContext.of("audit", Settings.of(declared, values), event -> {});
        driver = open();
    }

    private TopologyTestDriver open() {
        Properties properties = service.streamProperties();
        // Under exactly_once_v2 the driver forgets dead letters of the deserializer: it clears uncommitted records.
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        return new TopologyTestDriver(topology(), properties, wallClock);
    }

    Topology topology() {
        return AuditTopology.of(service, RuleSource.fixed(rules), key, new AuditMetrics(service.registry()));
    }

    /** With the stores as they are: the driver deletes its state folder and restores nothing. */
    void restart() {
        Map<String, List<KeyValue<String, byte[]>>> stores = new HashMap<>();
        for (String name : List.of("chain", "open-prompts")) {
            try (KeyValueIterator<String, byte[]> entries = store(name).all()) {
                List<KeyValue<String, byte[]>> all = new ArrayList<>();
                entries.forEachRemaining(all::add);
                stores.put(name, all);
            }
        }
        driver.close();
        driver = open();
        stores.forEach((name, entries) -> entries.forEach(entry -> store(name).put(entry.key, entry.value)));
    }

    private KeyValueStore<String, byte[]> store(String name) {
        return driver.getKeyValueStore(name);
    }

    void advance(Duration time) {
        wallClock = wallClock.plus(time);
        driver.advanceWallClockTime(time);
    }

    void prompt(PromptSubmitted prompt) {
        pipe(Event.PROMPTS, PromptSubmitted.class, prompt.getPromptId(), prompt);
    }

    void inference(InferenceCompleted inference) {
        pipe(Event.INFERENCES, InferenceCompleted.class, inference.getPromptId(), inference);
    }

    void circuit(Circuit circuit) {
        pipe(Event.CIRCUITS, Circuit.class, circuit.getPromptId(), circuit);
    }

    void validation(ValidationReport report) {
        pipe(Event.VALIDATIONS, ValidationReport.class, report.getPromptId(), report);
    }

    void steering(SteeringCompleted steering) {
        pipe(Event.STEERED, SteeringCompleted.class, steering.getRequestId(), steering);
    }

    void feature(FeatureDescription feature) {
        pipe(
                Event.FEATURES,
                FeatureDescription.class,
                feature.getScan() + "/" + feature.getLayer() + "/" + feature.getFeature(),
                feature);
    }

    <T extends SpecificRecord> void pipe(Event event, Class<T> type, String id, T value) {
        pipe(
                event,
                id.getBytes(UTF_8),
                service.serde(type).serializer().serialize(service.topic(event), value),
                wallClock);
    }

    void pipe(Event event, byte @Nullable [] id, byte @Nullable [] value, Instant time) {
        pipe(event, new TestRecord<>(id, value, time));
    }

    void pipe(Event event, TestRecord<byte[], byte[]> record) {
        driver.createInputTopic(service.topic(event), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(record);
    }

    List<AuditFinding> findings() {
        return read(Event.FINDINGS, AuditFinding.class);
    }

    List<AuditCheckpoint> checkpoints() {
        return read(Event.CHECKPOINTS, AuditCheckpoint.class);
    }

    List<TestRecord<byte[], byte[]>> records(String topic) {
        return output(topic).readRecordsToList();
    }

    List<byte[]> values(String topic) {
        return output(topic).readValuesToList();
    }

    double count(String meter, String tag, String value) {
        return service.registry().get(meter).tag(tag, value).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private <T extends SpecificRecord> List<T> read(Event event, Class<T> type) {
        String topic = service.topic(event);
        return values(topic).stream()
                .map(bytes -> service.serde(type).deserializer().deserialize(topic, bytes))
                .toList();
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public void close() {
        driver.close();
        service.close();
        registry.close();
    }
}
