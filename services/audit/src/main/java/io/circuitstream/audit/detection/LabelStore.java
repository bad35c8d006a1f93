package io.circuitstream.audit.detection;

import io.circuitstream.events.FeatureDescription;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.ValueAndTimestamp;

/** The labels of all features, by the keys of their topic; everything else of a description is left out. */
final class LabelStore {
    private static final String NAME = "labels";

    private LabelStore() {}

    static void add(StreamsBuilder builder, String topic, Serde<FeatureDescription> features) {
        builder.addGlobalStore(
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(NAME), Serdes.String(), Serdes.String())
                        .withLoggingDisabled(),
                topic,
                Consumed.with(Serdes.String(), features).withName("features"),
                Writer::new);
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

    private static final class Writer extends ContextualProcessor<String, FeatureDescription, Void, Void> {
        private KeyValueStore<String, String> store;

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            super.init(context);
            store = context.getStateStore(NAME);
        }

        @Override
        public void process(Record<String, FeatureDescription> record) {
            if (record.key() == null) {
                return;
            }
            String label = record.value() == null ? "" : record.value().getLabel();
            // A store without the feature says the same in less space.
            store.put(record.key(), label.isEmpty() ? null : label);
        }
    }
}
