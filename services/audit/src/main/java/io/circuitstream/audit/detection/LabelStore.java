package io.circuitstream.audit.detection;

import io.circuitstream.audit.AuditMetrics;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.platform.logging.LogKeys;
import io.circuitstream.platform.stream.Fault;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The labels of all features, by the keys of their topic; everything else of a description is left out. */
final class LabelStore {
    private static final Logger log = LoggerFactory.getLogger(LabelStore.class);
    private static final String NAME = "labels";

    private LabelStore() {}

    /**
     * Reads the topic as bytes: Kafka Streams has no dead letters for the thread that reads it, and a record that this thread cannot
     * deserialise would end the service again and again.
     */
    static void add(StreamsBuilder builder, String topic, Serde<FeatureDescription> features, AuditMetrics metrics) {
        builder.addGlobalStore(
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(NAME), Serdes.String(), Serdes.String())
                        .withLoggingDisabled(),
                topic,
                Consumed.with(Serdes.String(), Serdes.ByteArray()).withName("features"),
                () -> new Writer(topic, features, metrics));
    }

    static Labels of(ProcessorContext<?, ?> context) {
        KeyValueStore<String, Object> store = context.getStateStore(NAME);
        return (scan, layer, feature) -> Optional.ofNullable(store.get(scan + "/" + layer + "/" + feature))
                .map(LabelStore::text)
                .orElse("");
    }

    /** A store that is read from another task's context may be shown with timestamps. */
    private static String text(Object value) {
        return value instanceof ValueAndTimestamp<?> stamped ? (String) stamped.value() : (String) value;
    }

    private static final class Writer extends ContextualProcessor<String, byte[], Void, Void> {
        private final String topic;
        private final Serde<FeatureDescription> features;
        private final AuditMetrics metrics;
        private KeyValueStore<String, String> store;

        Writer(String topic, Serde<FeatureDescription> features, AuditMetrics metrics) {
            this.topic = topic;
            this.features = features;
            this.metrics = metrics;
        }

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            super.init(context);
            store = context.getStateStore(NAME);
        }

        @Override
        public void process(Record<String, byte[]> record) {
            try {
                String label = record.value() == null
                        ? ""
                        : features.deserializer()
                                .deserialize(topic, record.value())
                                .getLabel();
                // A store without the feature says the same in less space.
                store.put(Objects.requireNonNull(record.key(), "key"), label.isEmpty() ? null : label);
            } catch (RuntimeException e) {
                if (Fault.of(e) != Fault.RECORD) {
                    throw e;
                }
                metrics.labelSkipped();
                log.atWarn()
                        .addKeyValue(LogKeys.TOPIC, topic)
                        .addKeyValue(
                                LogKeys.OFFSET,
                                context()
                                        .recordMetadata()
                                        .map(RecordMetadata::offset)
                                        .orElse(-1L))
                        .addKeyValue(LogKeys.ERROR, e.getMessage())
                        .log("left out: a description that cannot be read");
            }
        }
    }
}
