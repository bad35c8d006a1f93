package io.circuitstream.platform.stream;

import io.circuitstream.events.Topics;
import io.circuitstream.platform.health.Meters;
import io.circuitstream.platform.serde.AvroSerde;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.tracing.Tracing;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one instance of a service is made of, for its topology and its stage: name, settings, topics, serdes,
 * metrics, progress. Making one connects to nothing. Thread-safe; closed by its {@link StreamService}.
 */
public final class ServiceContext implements AutoCloseable {

    private final String name;
    private final Settings settings;
    private final Topics topics;
    private final EventSerdes serdes;
    private final PrometheusMeterRegistry registry;
    private final StageMetrics metrics;
    private final LifecycleGate lifecycle = new LifecycleGate();
    private final Outage outage = new Outage(System::nanoTime);
    private final LocalState localState;
    private final Tracing tracing;
    private final ProgressSink progress;
    private final @Nullable AttemptLog attempts;
    private final Map<String, Class<? extends SpecificRecord>> results = new ConcurrentHashMap<>();

    private ServiceContext(
            String name,
            Settings settings,
            PrometheusMeterRegistry registry,
            Function<ServiceContext, ProgressSink> progress,
            boolean hasBrokers) {
        this.name = name;
        this.settings = settings;
        this.topics = new Topics(settings.get(CommonSettings.TOPIC_PREFIX));
        this.serdes = new EventSerdes(settings);
        this.registry = registry;
        this.metrics = new StageMetrics(registry, name);
        this.localState = new LocalState(settings.get(CommonSettings.STATE_DIR).resolve(applicationId()));
        this.tracing = Tracing.of(applicationId());
        this.progress = progress.apply(this);
        this.attempts = hasBrokers ? AttemptLog.of(this) : null;
    }

    /** For a service in production: progress goes to the progress topic. */
    public static ServiceContext of(String name, Settings settings) {
        return of(name, settings, Meters.registry());
    }

    /** For several services in one process, whose meters differ in the tag {@code stage}. */
    public static ServiceContext of(String name, Settings settings, PrometheusMeterRegistry registry) {
        return new ServiceContext(name, settings, registry, ProgressProducers::publisher, true);
    }

    /** For tests without brokers: progress goes where they say, and attempts are not counted. */
    public static ServiceContext of(String name, Settings settings, ProgressSink progress) {
        return new ServiceContext(name, settings, Meters.registry(), service -> progress, false);
    }

    /** Of the service: the stage in progress events, metrics and logs, and a part of its group and dead letters. */
    public String name() {
        return name;
    }

    public Settings settings() {
        return settings;
    }

    public String topic(Topics.Event event) {
        return topics.name(event);
    }

    /** Consumer group and source of the events, {@code <prefix>-<service>}: without a version, so upgrades go on. */
    public String applicationId() {
        return settings.get(CommonSettings.APPLICATION_ID_PREFIX) + "-" + name;
    }

    /** A group without members whose offsets count {@link AttemptLog attempts}. */
    String attemptsGroup() {
        return applicationId() + "-attempts";
    }

    public String deadLetterTopic() {
        return topics.deadLetters(name);
    }

    /** A configured serde of the class that {@code circuitstream.serde.class} names. */
    public <T extends SpecificRecord> Serde<T> serde(Class<T> type) {
        return serdes.event(type);
    }

    /** A serde that also yields the digest of what it read, for provenance. */
    public <T extends SpecificRecord> Serde<Received<T>> received(Class<T> type) {
        return serdes.received(type);
    }

    /** A serde for results on a topic; their schema is registered at the start, so that an incompatible version stops there. */
    public <T extends SpecificRecord> Serde<T> result(Topics.Event topic, Class<T> type) {
        results.put(topic(topic), type);
        return serde(type);
    }

    /** The processor that runs a stage; one is made for each task. */
    public <I extends SpecificRecord, O extends SpecificRecord>
            FixedKeyProcessorSupplier<String, Received<I>, O> processor(
                    Stage<I, O> stage, Topics.Event resultTopic, Class<O> resultType) {
        results.put(topic(resultTopic), resultType);
        return () -> {
            Serde<O> serde = serde(resultType);
            ToIntFunction<O> size = result -> serde.serializer().serialize(topic(resultTopic), result).length;
            Attempts begun = new Attempts(
                    attempts,
                    settings.get(CommonSettings.MAX_ATTEMPTS),
                    settings.get(CommonSettings.COMMIT_INTERVAL),
                    System::nanoTime);
            return new StageProcessor<>(stage, size, this, begun, System::nanoTime);
        };
    }

    /** The processor that gives events their headers, before they are written, where no stage makes them. */
    public <V extends SpecificRecord> FixedKeyProcessorSupplier<String, V, V> headers() {
        return () -> new HeaderProcessor<>(applicationId());
    }

    /**
     * Registers the schema of every result, so that an incompatible version stops at its start and not at its first
     * record. A serde of someone else's registers when it likes.
     */
    void prepareSchemas() {
        results.forEach((topic, type) -> {
            if (serde(type) instanceof AvroSerde<?> ours) {
                ours.prepare(topic, SpecificData.get().getSchema(type));
            }
        });
    }

    /** The Kafka Streams properties, for a {@link StreamService} and for a TopologyTestDriver. */
    public Properties streamProperties() {
        return StreamProperties.of(this);
    }

    /** The service with this topology; {@code owned} is closed after the last record, in the given order. */
    public StreamService service(Topology topology, AutoCloseable... owned) {
        return new StreamService(this, topology, owned);
    }

    public PrometheusMeterRegistry registry() {
        return registry;
    }

    public Tracing tracing() {
        return tracing;
    }

    ProgressSink progress() {
        return progress;
    }

    StageMetrics metrics() {
        return metrics;
    }

    LifecycleGate lifecycle() {
        return lifecycle;
    }

    LocalState localState() {
        return localState;
    }

    Outage outage() {
        return outage;
    }

    @Override
    public void close() {
        progress.close();
        if (attempts != null) {
            attempts.close();
        }
        tracing.close();
    }
}
