package io.circuitstream.audit.behaviour.window;

import io.circuitstream.audit.behaviour.digest.Arrival;
import io.circuitstream.audit.behaviour.digest.MessageCodec;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.BytesSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The entries of windows in their store. */
final class Entries {
    private final KeyValueStore<Bytes, byte[]> store;

    /** What is done with an entry. */
    interface Reader {
        void read(Bytes key, byte[] entry, Arrival arrival);
    }

    Entries(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    void put(Bytes key, byte[] entry) {
        store.put(key, entry);
    }

    /** In the order of the keys. */
    void read(Bytes prefix, Reader reader) {
        try (KeyValueIterator<Bytes, byte[]> entries = store.prefixScan(prefix, new BytesSerializer())) {
            while (entries.hasNext()) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                reader.read(entry.key, entry.value, MessageCodec.entry(entry.value));
            }
        }
    }

    void remove(Bytes prefix) {
        List<Bytes> keys = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> entries = store.prefixScan(prefix, new BytesSerializer())) {
            entries.forEachRemaining(entry -> keys.add(entry.key));
        }
        keys.forEach(store::delete);
    }
}
