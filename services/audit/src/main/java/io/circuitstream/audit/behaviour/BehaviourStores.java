package io.circuitstream.audit.behaviour;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The stores, in RocksDB with changelogs. Entries are written once and never changed: a cache would only hold them back. */
final class BehaviourStores {
    static final String ENTRIES = "behaviour-entries";
    static final String STATES = "behaviour-states";

    private BehaviourStores() {}

    static Set<StoreBuilder<?>> all() {
        return Set.of(
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(ENTRIES), Serdes.Bytes(), Serdes.ByteArray())
                        .withLoggingEnabled(Map.of())
                        .withCachingDisabled(),
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(STATES), Serdes.Bytes(), Serdes.ByteArray())
                        .withLoggingEnabled(Map.of())
                        .withCachingEnabled());
    }
}
