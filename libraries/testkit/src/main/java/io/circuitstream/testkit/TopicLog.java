package io.circuitstream.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
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
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        read("read_committed", records::add);
        return records;
    }

    /** Keys of the committed records, as text. */
    public Stream<String> keys() {
        List<String> keys = new ArrayList<>();
        read("read_committed", entry -> keys.add(key(entry)));
        return keys.stream();
    }

    /** Whatever was written, also in transactions that are open or were taken back. */
    public List<ConsumerRecord<byte[], byte[]>> written() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        read("read_uncommitted", records::add);
        return records;
    }

    /** Records that were written and taken back; exact when no transaction is open. */
    public long aborted() {
        return count("read_uncommitted") - count("read_committed");
    }

    private long count(String isolation) {
        LongAdder count = new LongAdder();
        read(isolation, entry -> count.increment());
        return count.sum();
    }

    public static String key(ConsumerRecord<byte[], byte[]> entry) {
        return new String(entry.key(), StandardCharsets.UTF_8);
    }

    private void read(String isolation, Consumer<ConsumerRecord<byte[], byte[]>> each) {
        Map<String, Object> properties = Map.of("bootstrap.servers", bootstrapServers, "isolation.level", isolation);
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(100)).forEach(each);
            }
        }
    }
}
