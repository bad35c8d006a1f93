package io.circuitstream.platform.stream;

import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.topics.RecordLimits;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The Kafka Streams properties of a service. Latency: a chain of four services takes 48 ms at the median with these
 * against 427 ms with the defaults; {@code poll.ms} bounds how late an idle thread notices a record, so a short
 * commit interval alone is not enough.
 */
final class StreamProperties {

    private static final String METRICS = "circuitstream.internal.stage.metrics";
    private static final int BUFFER_BYTES = 64 * 1024 * 1024;
    private static final long CACHE_BYTES = 64L * 1024 * 1024;

    private StreamProperties() {}

    static Properties of(ServiceContext service) {
        Settings settings = service.settings();
        Properties properties = new Properties();
        properties.put(StreamsConfig.POLL_MS_CONFIG, 10L);
        properties.put(producer(ProducerConfig.LINGER_MS_CONFIG), 0);
        properties.put(producer(ProducerConfig.BUFFER_MEMORY_CONFIG), BUFFER_BYTES);
        properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
        // Without it each start has clients of new names, and so new series of every metric.
        properties.put(StreamsConfig.CLIENT_ID_CONFIG, service.applicationId());
        // For services with state: what is not written between two commits does not reach the disk or the changelog
        // twice.
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StoreMemory.class);
        properties.put(
                StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
                Integer.toString(RecordLimits.MAX_RECORD_BYTES));
        // How long a record waits when its thread or process is gone; heartbeats go on while a stage computes.
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 3_000);
        // Everything above is a default that an operator may change, everything below is owned.
        properties.putAll(settings.kafka().streams());
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.get(CommonSettings.BOOTSTRAP_SERVERS));
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, service.applicationId());
        properties.put(
                StreamsConfig.STATE_DIR_CONFIG,
                settings.get(CommonSettings.STATE_DIR).toString());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.get(CommonSettings.STREAM_THREADS));
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings.get(CommonSettings.COMMIT_INTERVAL).toMillis());
        putDeadLetters(properties, service);
        putTimeouts(properties, settings.get(CommonSettings.TRANSACTION_TIMEOUT));
        properties.put(producer(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), RecordLimits.MAX_RECORD_BYTES);
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
                RecordLimits.MAX_RECORD_BYTES);
        settings.find(CommonSettings.INSTANCE_ID)
                .ifPresent(id -> properties.put(
                        StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                        service.name() + "-" + id));
        return properties;
    }

    private static void putDeadLetters(Properties properties, ServiceContext service) {
        properties.put(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, service.deadLetterTopic());
        properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, BugHandler.class);
        properties.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, PoisonHandler.class);
        properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_GLOBAL_ENABLED_CONFIG, true);
        properties.put(METRICS, service.metrics());
    }

    /**
     * With the default of 10 s a record that computes longer is aborted, rebalanced and begun again for ever. One
     * record per poll, because all records of a poll share {@code max.poll.interval.ms}; twice the transaction
     * time-out, because a record that is slower than its transaction is lost already.
     */
    private static void putTimeouts(Properties properties, Duration transaction) {
        properties.put(producer(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), Math.toIntExact(transaction.toMillis()));
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 1);
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG),
                Math.toIntExact(transaction.multipliedBy(2).toMillis()));
    }

    /** The metrics that {@link #of} put into the properties for the handlers, which Kafka Streams instantiates. */
    static StageMetrics metrics(Map<String, ?> configs) {
        if (configs.get(METRICS) instanceof StageMetrics metrics) {
            return metrics;
        }
        throw new IllegalStateException("the handler needs the properties of StreamProperties");
    }

    private static String producer(String property) {
        return StreamsConfig.producerPrefix(property);
    }
}
