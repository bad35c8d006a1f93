package io.circuitstream.audit.behaviour;

import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.stream.ServiceContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the broker with a consumer of its own. The lag alone does not tell: the markers of transactions are offsets too, so that the
 * end of a partition is after its last record. Only partitions that seem quiet are asked about, and the same end once.
 */
final class BrokerLookahead implements Lookahead {
    private static final int TIMEOUT_MS = 2_000;
    private static final Duration POLL = Duration.ofMillis(100);

    private final Map<String, Object> properties;
    private final TopicPartition partition;
    private @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private long readUntil = -1;

    BrokerLookahead(ServiceContext service, TopicPartition partition) {
        this.properties = properties(service);
        this.partition = partition;
    }

    private static Map<String, Object> properties(ServiceContext service) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS / 2);
        properties.putAll(service.settings().kafka().consumer());
        properties.put(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, service.settings().get(CommonSettings.BOOTSTRAP_SERVERS));
        // Only to read what the group has committed: assigned by hand, it joins nothing and commits nothing.
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, service.applicationId());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        return properties;
    }

    /** Also true when the broker does not answer in time: then nothing is known to be read. */
    @Override
    public boolean hasUnread(long next) {
        try {
            KafkaConsumer<byte[], byte[]> open = open();
            long end = open.endOffsets(List.of(partition)).get(partition);
            if (end == readUntil) {
                return false;
            }
            open.seek(partition, next >= 0 ? next : committed(open));
            long deadline = System.nanoTime() + Duration.ofMillis(TIMEOUT_MS).toNanos();
            while (open.position(partition) < end) {
                if (!open.poll(POLL).isEmpty() || System.nanoTime() > deadline) {
                    return true;
                }
            }
            readUntil = end;
            return false;
        } catch (KafkaException e) {
            return true;
        }
    }

    private KafkaConsumer<byte[], byte[]> open() {
        KafkaConsumer<byte[], byte[]> open = consumer;
        if (open == null) {
            open = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            open.assign(List.of(partition));
            consumer = open;
        }
        return open;
    }

    private long committed(KafkaConsumer<byte[], byte[]> open) {
        OffsetAndMetadata committed = open.committed(Set.of(partition)).get(partition);
        return committed == null ? 0 : committed.offset();
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close();
        }
    }
}
