package io.circuitstream.dashboard.reading;

import io.circuitstream.dashboard.live.EventLog;
import io.circuitstream.dashboard.store.Step;
import io.circuitstream.dashboard.store.Store;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.logging.LogKeys;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.topics.RecordLimits;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all topics into the store on a thread of its own, the only one that writes what is read. Waits for brokers, registry and topics
 * that are away. A record that cannot be decoded is passed over and counted: it is a stage's matter.
 */
public final class TopicReader implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TopicReader.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CONTACT = Duration.ofSeconds(10);
    private static final long RETRY_MILLIS = 500;
    /** How soon partitions that a topic has got meanwhile are noticed. */
    private static final long REASSIGN_NANOS = TimeUnit.MINUTES.toNanos(5);

    private static final int FETCH_BYTES = 24 * 1024 * 1024;

    private final ServiceContext context;
    private final Store store;
    private final EventTypes types;
    private final Projection projection;
    private final TraceProjection traces;
    private final Applied applied;
    private final Counter events;
    private final Counter undecodable;
    private final Map<String, Event> eventOf = new HashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "dashboard-reader");

    private volatile @Nullable KafkaConsumer<String, byte[]> consumer;
    private volatile @Nullable String trouble = "has not read the topics yet";
    private volatile boolean failed;
    private volatile long lag = -1;

    public TopicReader(
            ServiceContext context, Store store, EventTypes types, EventLog log, int mostTraces, Applied applied) {
        this.context = context;
        this.store = store;
        this.types = types;
        this.traces = new TraceProjection(types, mostTraces);
        this.projection = new Projection(log, traces);
        this.applied = applied;
        this.events = context.registry().counter("circuitstream.dashboard.records.read");
        this.undecodable = context.registry().counter("circuitstream.dashboard.records.undecodable");
        context.registry().gauge("circuitstream.dashboard.lag", this, TopicReader::lag);
        EventTypes.read().forEach(event -> eventOf.put(context.topic(event), event));
    }

    public void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (closing.getCount() > 0) {
                attempt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            failed = true;
            trouble = "the reader ended: " + e.getMessage();
            log.atError().setCause(e).log("the dashboard cannot go on reading");
        }
    }

    private void attempt() throws InterruptedException {
        try (KafkaConsumer<String, byte[]> created =
                new KafkaConsumer<>(properties(), new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer = created;
            read(created);
        } catch (WakeupException e) {
            return;
        } catch (KafkaException e) {
            if (!(e instanceof RetriableException) && !(e.getCause() instanceof RetriableException)) {
                log.atWarn().setCause(e).log("reading is interrupted");
            }
            trouble = "cannot read from " + context.settings().get(CommonSettings.BOOTSTRAP_SERVERS) + ": "
                    + e.getMessage();
        } finally {
            consumer = null;
        }
        closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Returns when topics are missing or this is to be closed. */
    private void read(KafkaConsumer<String, byte[]> reader) {
        long assigned = 0;
        while (closing.getCount() > 0) {
            if (assigned == 0 || System.nanoTime() - assigned > REASSIGN_NANOS) {
                if (!assign(reader)) {
                    return;
                }
                assigned = System.nanoTime();
            }
            apply(reader.poll(POLL));
            lag = lag(reader);
            trouble = null;
        }
    }

    private Map<String, Object> properties() {
        Map<String, Object> properties =
                new HashMap<>(context.settings().kafka().consumer());
        properties.put("bootstrap.servers", context.settings().get(CommonSettings.BOOTSTRAP_SERVERS));
        properties.put("client.id", context.applicationId());
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", false);
        properties.put("auto.offset.reset", "earliest");
        properties.put("max.partition.fetch.bytes", RecordLimits.MAX_RECORD_BYTES);
        properties.put("fetch.max.bytes", FETCH_BYTES);
        properties.put("default.api.timeout.ms", (int) CONTACT.toMillis());
        return properties;
    }

    /** False when topics are missing. */
    private boolean assign(KafkaConsumer<String, byte[]> reader) {
        Map<String, List<PartitionInfo>> existing = reader.listTopics(CONTACT);
        TreeSet<String> missing = new TreeSet<>(eventOf.keySet());
        missing.removeAll(existing.keySet());
        if (!missing.isEmpty()) {
            trouble = "topics " + String.join(", ", missing) + " are missing: run `circuitstream topics --apply`";
            return false;
        }
        List<TopicPartition> partitions = new ArrayList<>();
        eventOf.keySet().forEach(topic -> existing.get(topic)
                .forEach(info -> partitions.add(new TopicPartition(topic, info.partition()))));
        reader.assign(partitions);
        for (TopicPartition partition : partitions) {
            Offsets.next(store, partition)
                    .ifPresentOrElse(
                            next -> reader.seek(partition, next), () -> reader.seekToBeginning(List.of(partition)));
        }
        return true;
    }

    /** All of a poll in one step: either every record counts and the offsets say so, or none. */
    private void apply(ConsumerRecords<String, byte[]> records) {
        if (records.isEmpty()) {
            return;
        }
        Changed changed = new Changed();
        try (Step step = store.step()) {
            for (ConsumerRecord<String, byte[]> record : records) {
                apply(step, record, changed);
                Offsets.put(step, new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
            }
            projection.finish(step, changed);
            step.commit();
        }
        events.increment(records.count());
        applied.applied(changed.traces.values(), changed.rows, changed.events);
        forget();
    }

    private void apply(Step step, ConsumerRecord<String, byte[]> record, Changed changed) {
        Event topic = eventOf.get(record.topic());
        step.mark();
        try {
            if (record.key() != null) {
                SpecificRecord event = record.value() == null ? null : types.decode(topic, record.value());
                projection.apply(step, topic, record, event, changed);
            }
        } catch (SerializationException | IllegalArgumentException | ClassCastException e) {
            step.forget(); // of a record that fails half-way nothing counts
            undecodable.increment();
            log.atWarn()
                    .addKeyValue(LogKeys.TOPIC, record.topic())
                    .addKeyValue(LogKeys.PARTITION, record.partition())
                    .addKeyValue(LogKeys.OFFSET, record.offset())
                    .log("a record is passed over: {}", e.getClass().getSimpleName());
        }
    }

    private void forget() {
        boolean more = true;
        while (more) {
            Changed changed = new Changed();
            try (Step step = store.step()) {
                more = traces.forget(step, changed);
                step.commit();
            }
            applied.applied(List.of(), changed.rows, List.of());
        }
    }

    private static long lag(KafkaConsumer<String, byte[]> reader) {
        return reader.assignment().stream()
                .mapToLong(partition -> reader.currentLag(partition).orElse(0))
                .sum();
    }

    /** Records that are not read yet; −1 before anything is known. */
    public long lag() {
        return lag;
    }

    public long read() {
        return (long) events.count();
    }

    /** Why nothing can be read now; empty when it can. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** Whether only a restart helps. */
    public boolean hasFailed() {
        return failed;
    }

    /** Returns when the step in work is finished. */
    @Override
    public void close() {
        closing.countDown();
        KafkaConsumer<String, byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
        try {
            thread.join(CONTACT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
