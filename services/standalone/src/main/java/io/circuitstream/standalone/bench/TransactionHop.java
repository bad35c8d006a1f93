package io.circuitstream.standalone.bench;

import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.topics.RecordLimits;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How long one record takes from a transaction's begin to a read_committed consumer, offsets committed with it, and nothing
 * else: no commit interval, no stage. What exactly-once costs at this broker at least. Thread-confined.
 */
final class TransactionHop implements AutoCloseable {
    private static final String TOPIC = "bench-hops";
    private static final int ROUNDS = 31;
    private static final int WARM_UP = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TopicPartition partition = new TopicPartition(TOPIC, 0);
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private long offset;

    TransactionHop(Settings settings) throws InterruptedException {
        String brokers = settings.get(CommonSettings.BOOTSTRAP_SERVERS);
        makeTopic(brokers);
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        brokers,
                        "transactional.id",
                        "bench-hops",
                        "linger.ms",
                        0,
                        "max.request.size",
                        RecordLimits.MAX_RECORD_BYTES),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        brokers,
                        "group.id",
                        "bench-hops",
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        false,
                        "max.partition.fetch.bytes",
                        RecordLimits.MAX_RECORD_BYTES),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        consumer.seekToEnd(List.of(partition));
        consumer.position(partition);
    }

    private static void makeTopic(String brokers) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            NewTopic topic = new NewTopic(TOPIC, 1, (short) 1)
                    .configs(Map.of("max.message.bytes", String.valueOf(RecordLimits.MAX_RECORD_BYTES)));
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a topic cannot be made", e.getCause());
        }
    }

    /** Median seconds of a record of this many random bytes. */
    double seconds(int bytes) {
        byte[] value = new byte[bytes];
        new SplittableRandom(1).nextBytes(value);
        double[] seconds = new double[ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            long start = System.nanoTime();
            hop(value);
            if (round >= 0) {
                seconds[round] = (System.nanoTime() - start) / 1e9;
            }
        }
        Arrays.sort(seconds);
        return seconds[ROUNDS / 2];
    }

    private void hop(byte[] value) {
        producer.beginTransaction();
        var unused = producer.send(new ProducerRecord<>(TOPIC, 0, null, value));
        producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(offset++)), consumer.groupMetadata());
        producer.commitTransaction();
        long start = System.nanoTime();
        // A poll that passes the marker of the transaction before returns without a record.
        while (consumer.poll(PATIENCE).isEmpty()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IllegalStateException("a committed record did not come");
            }
        }
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
    }
}
