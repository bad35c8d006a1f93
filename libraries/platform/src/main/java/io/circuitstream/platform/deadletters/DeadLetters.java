package io.circuitstream.platform.deadletters;

import io.circuitstream.events.Topics;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.topics.RecordLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the dead letters of a deployment's services, committed ones. Each call opens a consumer of its own without a group.
 * Every method throws Kafka's own exceptions, those of an outage after about five seconds. Thread-safe.
 */
public final class DeadLetters {
    private static final int TIMEOUT_MS = 5_000;
    private static final Duration POLL = Duration.ofMillis(200);

    private final Settings settings;
    private final Topics topics;

    public DeadLetters(Settings settings) {
        this.settings = settings;
        this.topics = new Topics(settings.get(CommonSettings.TOPIC_PREFIX));
    }

    /** How many there are of a service; transactions' marks are counted too, so at most this many. */
    public long count(String service) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer, service);
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            return consumer.endOffsets(partitions).entrySet().stream()
                    .mapToLong(end -> end.getValue() - begins.get(end.getKey()))
                    .sum();
        }
    }

    /** Those of a service without their values, newest first, at most {@code limit}. */
    public List<DeadLetter> newest(String service, int limit) {
        List<DeadLetter> letters = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer, service);
            consumer.assign(partitions);
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            // Every letter is followed by its transaction's mark.
            ends.forEach(
                    (partition, end) -> consumer.seek(partition, Math.max(begins.get(partition), end - 2L * limit)));
            read(
                    consumer,
                    ends,
                    letter -> letters.add(DeadLetter.of(service, letter).withoutValue()));
        }
        letters.sort(Comparator.comparingLong(DeadLetter::at).reversed());
        return List.copyOf(letters.subList(0, Math.min(limit, letters.size())));
    }

    /** The one at a place; empty when there is none. */
    public Optional<DeadLetter> at(String service, int partition, long offset) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            TopicPartition place = new TopicPartition(topics.deadLetters(service), partition);
            if (!partitions(consumer, service).contains(place)) {
                return Optional.empty();
            }
            consumer.assign(List.of(place));
            long begin = consumer.beginningOffsets(List.of(place)).get(place);
            long end = consumer.endOffsets(List.of(place)).get(place);
            if (offset < begin || offset >= end) {
                return Optional.empty();
            }
            consumer.seek(place, offset);
            List<DeadLetter> found = new ArrayList<>();
            read(consumer, Map.of(place, offset + 1), letter -> {
                if (letter.offset() == offset) {
                    found.add(DeadLetter.of(service, letter));
                }
            });
            return found.stream().findFirst();
        }
    }

    /** One poll after another, so that not all values are in memory together. */
    private static void read(
            KafkaConsumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> ends,
            Consumer<ConsumerRecord<byte[], byte[]>> each) {
        long deadline = System.nanoTime() + Duration.ofMillis(TIMEOUT_MS).toNanos();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            var polled = consumer.poll(POLL);
            polled.forEach(each);
            if (!polled.isEmpty()) {
                deadline = System.nanoTime() + Duration.ofMillis(TIMEOUT_MS).toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new TimeoutException("the dead letters were not read within " + TIMEOUT_MS / 1000 + " s");
            }
        }
    }

    private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String service) {
        String topic = topics.deadLetters(service);
        Collection<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new KafkaException("topic " + topic + " is missing: run `circuitstream topics --apply`");
        }
        return List.copyOf(partitions);
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> properties = new HashMap<>(settings.kafka().consumer());
        properties.put("bootstrap.servers", settings.get(CommonSettings.BOOTSTRAP_SERVERS));
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", false);
        properties.put("max.partition.fetch.bytes", RecordLimits.MAX_RECORD_BYTES);
        properties.put("default.api.timeout.ms", TIMEOUT_MS);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
