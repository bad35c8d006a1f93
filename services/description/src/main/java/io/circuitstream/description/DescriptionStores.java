package io.circuitstream.description;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The stores, each in RocksDB with a changelog, and a cache in front of both: a feature that changes often between two commits is
 * written once.
 */
final class DescriptionStores {
    static final String COUNTS = "counts";
    static final String CONTEXTS = "contexts";
    static final String PROMPTS = "prompts";
    static final String LABELS = "labels";
    static final String DESCRIBED = "described";

    private DescriptionStores() {}

    static Set<StoreBuilder<?>> all() {
        return Stream.of(COUNTS, CONTEXTS, PROMPTS, LABELS, DESCRIBED)
                .map(DescriptionStores::store)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingEnabled(Map.of())
                .withCachingEnabled();
    }
}
