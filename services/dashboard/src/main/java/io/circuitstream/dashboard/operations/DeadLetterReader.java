package io.circuitstream.dashboard.operations;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.events.Topics;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.topics.RecordLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** The newest records that a service could not process, each with why. */
public final class DeadLetterReader {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int ATTEMPTS = 10;
    private static final int PREVIEW_BYTES = 64;
    private static final int LONGEST_HEADER = 4_000;

    private final ServiceContext context;

    public DeadLetterReader(ServiceContext context) {
        this.context = context;
    }

    /** Newest first. @throws org.apache.kafka.common.KafkaException when no broker answers in time */
    public ArrayNode newest(String service, int limit) {
        String topic = new Topics(context.settings().get(CommonSettings.TOPIC_PREFIX)).deadLetters(service);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            ends.forEach((partition, end) -> consumer.seek(partition, Math.max(begins.get(partition), end - limit)));
            for (int i = 0; i < ATTEMPTS && isBehind(consumer, ends); i++) {
                consumer.poll(POLL).forEach(records::add);
            }
        }
        records.sort(Comparator.comparingLong((ConsumerRecord<byte[], byte[]> record) -> record.timestamp())
                .reversed());
        ArrayNode json = Json.MAPPER.createArrayNode();
        records.stream().limit(limit).forEach(record -> json.add(json(record)));
        return json;
    }

    private static boolean isBehind(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().anyMatch(entry -> consumer.position(entry.getKey()) < entry.getValue());
    }

    private Map<String, Object> properties() {
        Map<String, Object> properties =
                new HashMap<>(context.settings().kafka().consumer());
        properties.put("bootstrap.servers", context.settings().get(CommonSettings.BOOTSTRAP_SERVERS));
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", false);
        properties.put("max.partition.fetch.bytes", RecordLimits.MAX_RECORD_BYTES);
        properties.put("default.api.timeout.ms", 5_000);
        return properties;
    }

    private static ObjectNode json(ConsumerRecord<byte[], byte[]> record) {
        ObjectNode json = Json.object()
                .put("partition", record.partition())
                .put("offset", record.offset())
                .put("at", record.timestamp())
                .put("key", text(record.key()));
        ObjectNode headers = json.putObject("headers");
        for (Header header : record.headers()) {
            headers.put(header.key(), text(header.value()));
        }
        byte[] value = record.value() == null ? new byte[0] : record.value();
        return json.put("bytes", value.length)
                .put("preview", HexFormat.of().formatHex(Arrays.copyOf(value, Math.min(value.length, PREVIEW_BYTES))));
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null
                ? null
                : new String(bytes, 0, Math.min(bytes.length, LONGEST_HEADER), StandardCharsets.UTF_8);
    }
}
