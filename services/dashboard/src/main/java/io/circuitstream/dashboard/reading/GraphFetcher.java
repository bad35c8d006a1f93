package io.circuitstream.dashboard.reading;

import io.circuitstream.dashboard.traces.Mark;
import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.topics.RecordLimits;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads one graph at a time from where its mark says it is, and keeps the last one. Thread-safe. */
public final class GraphFetcher implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int ATTEMPTS = 20;

    private final ServiceContext context;
    private final EventTypes types;
    private @Nullable KafkaConsumer<String, byte[]> consumer;
    private @Nullable Mark last;
    private @Nullable AttributionGraph graph;

    public GraphFetcher(ServiceContext context, EventTypes types) {
        this.context = context;
        this.types = types;
    }

    /** Empty when the topic has it not any more. */
    synchronized Optional<AttributionGraph> fetch(Mark mark) {
        if (!mark.equals(last)) {
            graph = record(mark)
                    .map(record -> (AttributionGraph) types.decode(Event.GRAPHS, record.value()))
                    .orElse(null);
            last = mark;
        }
        return Optional.ofNullable(graph);
    }

    private Optional<ConsumerRecord<String, byte[]>> record(Mark mark) {
        TopicPartition partition = new TopicPartition(mark.topic(), mark.partition());
        KafkaConsumer<String, byte[]> reader = consumer();
        reader.assign(List.of(partition));
        reader.seek(partition, mark.offset());
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                for (ConsumerRecord<String, byte[]> record : reader.poll(POLL)) {
                    return record.offset() == mark.offset() ? Optional.of(record) : Optional.empty();
                }
            }
        } catch (OffsetOutOfRangeException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private KafkaConsumer<String, byte[]> consumer() {
        KafkaConsumer<String, byte[]> open = consumer;
        if (open == null) {
            Map<String, Object> properties =
                    new HashMap<>(context.settings().kafka().consumer());
            properties.put("bootstrap.servers", context.settings().get(CommonSettings.BOOTSTRAP_SERVERS));
            properties.put("client.id", context.applicationId() + "-graphs");
            properties.put("isolation.level", "read_committed");
            properties.put("enable.auto.commit", false);
            properties.put("auto.offset.reset", "none");
            properties.put("max.poll.records", 1);
            properties.put("max.partition.fetch.bytes", RecordLimits.MAX_RECORD_BYTES);
            open = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
            consumer = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        if (consumer != null) {
            consumer.close();
            consumer = null;
        }
    }
}
