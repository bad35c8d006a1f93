package io.circuitstream.audit.chain;

import io.circuitstream.events.AuditCheckpoint;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.Fault;
import io.circuitstream.platform.stream.ProgressSink;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.stream.StartupException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads what is committed of chains and their checkpoints, one partition at a time. Of a chain that grows meanwhile, read the checkpoints
 * first: they vouch for nothing that is read after them. Thread-confined.
 */
public final class ChainReader implements AutoCloseable {
    private static final Duration CONTACT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ServiceContext context;
    private final String address;
    private final KafkaConsumer<byte[], byte[]> consumer;

    public ChainReader(Settings settings) {
        context = ServiceContext.of("verify-audit", settings, ProgressSink.NONE);
        address = settings.get(CommonSettings.BOOTSTRAP_SERVERS);
        Map<String, Object> properties = new HashMap<>(settings.kafka().consumer());
        properties.put("bootstrap.servers", address);
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", false);
        properties.put("default.api.timeout.ms", (int) CONTACT.toMillis());
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    public String findingsTopic() {
        return context.topic(Event.FINDINGS);
    }

    public String checkpointsTopic() {
        return context.topic(Event.CHECKPOINTS);
    }

    /**
     * How many chains there are.
     *
     * @throws StartupException when no broker answers or a topic is missing
     */
    public int partitions() {
        try {
            Map<String, List<PartitionInfo>> topics = consumer.listTopics();
            int partitions = 0;
            for (String topic : List.of(findingsTopic(), checkpointsTopic())) {
                if (!topics.containsKey(topic)) {
                    throw new StartupException("topic " + topic + " is missing at " + address);
                }
                partitions = Math.max(partitions, topics.get(topic).size());
            }
            return partitions;
        } catch (TimeoutException e) {
            throw new StartupException("no Kafka broker answers at " + address, e);
        }
    }

    /** In the order of their offsets. @throws StartupException when brokers or registry do not answer */
    public List<CheckpointEntry> checkpoints(int partition) {
        Deserializer<AuditCheckpoint> reader =
                context.serde(AuditCheckpoint.class).deserializer();
        List<CheckpointEntry> entries = new ArrayList<>();
        read(checkpointsTopic(), partition, record -> {
            try {
                entries.add(new CheckpointEntry(record.offset(), reader.deserialize(record.topic(), record.value())));
            } catch (RuntimeException e) {
                unreadable(e);
                entries.add(new CheckpointEntry(record.offset(), null));
            }
        });
        return entries;
    }

    /** In the order of their offsets. @throws StartupException when brokers or registry do not answer */
    public List<ChainEntry> findings(int partition) {
        Deserializer<AuditFinding> reader = context.serde(AuditFinding.class).deserializer();
        List<ChainEntry> entries = new ArrayList<>();
        read(findingsTopic(), partition, record -> {
            try {
                AuditFinding finding = reader.deserialize(record.topic(), record.value());
                entries.add(
                        finding == null
                                ? ChainEntry.unreadable(record.offset(), "the record has no value")
                                : ChainEntry.of(record.offset(), record.value(), finding));
            } catch (RuntimeException e) {
                unreadable(e);
                entries.add(ChainEntry.unreadable(record.offset(), String.valueOf(e.getMessage())));
            }
        });
        return entries;
    }

    /** A registry that is away says nothing of the record. */
    private static void unreadable(RuntimeException e) {
        if (Fault.of(e) != Fault.RECORD) {
            throw new StartupException("the schema registry does not help: " + e.getMessage(), e);
        }
    }

    private void read(String topic, int partition, Consumer<ConsumerRecord<byte[], byte[]>> records) {
        try {
            if (consumer.partitionsFor(topic).size() <= partition) {
                return;
            }
            TopicPartition only = new TopicPartition(topic, partition);
            consumer.assign(List.of(only));
            consumer.seekToBeginning(List.of(only));
            long end = consumer.endOffsets(List.of(only)).get(only);
            long progress = System.nanoTime();
            for (long position = consumer.position(only); position < end; position = consumer.position(only)) {
                consumer.poll(Duration.ofMillis(200)).forEach(records);
                if (consumer.position(only) > position) {
                    progress = System.nanoTime();
                } else if (System.nanoTime() - progress > PATIENCE.toNanos()) {
                    throw new StartupException("nothing comes of %s, partition %d, after offset %d for %d s"
                            .formatted(topic, partition, position, PATIENCE.toSeconds()));
                }
            }
        } catch (TimeoutException e) {
            throw new StartupException("no Kafka broker answers at " + address, e);
        }
    }

    @Override
    public void close() {
        consumer.close();
        context.close();
    }
}
