package io.circuitstream.dashboard.reading;

import io.circuitstream.dashboard.live.EventLog;
import io.circuitstream.dashboard.store.Store;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.topics.RecordLimits;
import io.circuitstream.platform.topics.TopicAdmin;
import io.circuitstream.platform.topics.TopicCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all topics into the store on a thread of its own, the only one that writes what is read. Waits for brokers, registry and topics
 * that are away.
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
    private final Set<String> topics;
    private final Intake intake;
    private final Runnable ended;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "dashboard-reader");

    private volatile @Nullable KafkaConsumer<String, byte[]> consumer;
    private volatile @Nullable String trouble = "has not read the topics yet";
    private volatile boolean failed;
    private volatile long lag = -1;

    /** @param ended called when reading fails for good */
    public TopicReader(
            ServiceContext context,
            Store store,
            EventTypes types,
            EventLog events,
            Most most,
            Applied applied,
            Runnable ended) {
        this.context = context;
        this.store = store;
        this.ended = ended;
        Map<String, Event> eventOf = new HashMap<>();
        EventTypes.read().forEach(event -> eventOf.put(context.topic(event), event));
        this.topics = eventOf.keySet();
        this.intake = new Intake(store, types, eventOf, events, most, applied, context.registry());
        context.registry().gauge("circuitstream.dashboard.lag", this, TopicReader::lag);
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
            ended.run();
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

    /** Returns when topics are missing or may not be read, or this is to be closed. */
    private void read(KafkaConsumer<String, byte[]> reader) {
        long assigned = 0;
        while (closing.getCount() > 0) {
            if (assigned == 0 || System.nanoTime() - assigned > REASSIGN_NANOS) {
                if (!assign(reader)) {
                    return;
                }
                assigned = System.nanoTime();
            }
            intake.take(reader.poll(POLL));
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

    /** What may not be read; the list of topics that exist leaves such topics out without a word. */
    private Optional<String> missingRights() {
        try (TopicAdmin admin = TopicAdmin.of(context.settings())) {
            Map<String, Set<AclOperation>> needed = new HashMap<>();
            topics.forEach(topic -> needed.put(topic, Set.of(AclOperation.READ)));
            return TopicCheck.missingRights("topic", admin.topicRights(topics), needed);
        }
    }

    /** False when topics are missing or may not be read. */
    private boolean assign(KafkaConsumer<String, byte[]> reader) {
        Optional<String> refused = missingRights();
        if (refused.isPresent()) {
            trouble = refused.get();
            return false;
        }
        Map<String, List<PartitionInfo>> existing = reader.listTopics(CONTACT);
        TreeSet<String> missing = new TreeSet<>(topics);
        missing.removeAll(existing.keySet());
        if (!missing.isEmpty()) {
            trouble = "topics " + String.join(", ", missing) + " are missing: run `circuitstream topics --apply`";
            return false;
        }
        Origin.ask(context, topics, CONTACT).require(store);
        List<TopicPartition> partitions = new ArrayList<>();
        topics.forEach(topic ->
                existing.get(topic).forEach(info -> partitions.add(new TopicPartition(topic, info.partition()))));
        reader.assign(partitions);
        for (TopicPartition partition : partitions) {
            Offsets.next(store, partition)
                    .ifPresentOrElse(
                            next -> reader.seek(partition, next), () -> reader.seekToBeginning(List.of(partition)));
        }
        return true;
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
        return intake.read();
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
