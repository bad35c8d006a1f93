package io.circuitstream.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a topic holds, read from its beginning to its present end. Each call reads anew. */
public final class TopicLog {
    private final String bootstrapServers;
    private final String topic;

    public TopicLog(String bootstrapServers, String topic) {
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
    }

    /** The records of committed transactions, up to the first open one of each partition. */
    public List<ConsumerRecord<byte[], byte[]>> committed() {
        return read("read_committed");
    }

    /** Keys of the committed records, as text. */
    public Stream<String> keys() {
        return committed().stream().map(TopicLog::key);
    }

    /** Whatever was written, also in transactions that are open or were taken back. */
    public List<ConsumerRecord<byte[], byte[]>> written() {
        return read("read_uncommitted");
    }

    /** Records that were written and taken back; exact when no transaction is open. */
    public long aborted() {
        long committed = committed().size();
        return written().size() - committed;
    }

    public static String key(ConsumerRecord<byte[], byte[]> entry) {
        return new String(entry.key(), StandardCharsets.UTF_8);
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String isolation) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<String, Object> properties = Map.of("bootstrap.servers", bootstrapServers, "isolation.level", isolation);
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }
}
