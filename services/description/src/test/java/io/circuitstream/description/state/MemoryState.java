package io.circuitstream.description.state;

import io.circuitstream.description.shares.PromptShare;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** States on stores in memory, as one owner of features would have them after the prompts it was given. */
public final class MemoryState {
    private final String scan;
    private final Map<String, KeyValueStore<Bytes, byte[]>> stores = new LinkedHashMap<>();
    private FeatureStates states;

    public MemoryState(String scan) {
        this.scan = scan;
        for (String name : List.of("counts", "contexts", "prompts")) {
            stores.put(name, Stores.inMemoryKeyValueStore(name).get());
        }
        reopen();
    }

    public MemoryState add(List<PromptShare> prompts) {
        prompts.forEach(states::add);
        return this;
    }

    /** As after a restart: nothing but the stores is left. */
    public void reopen() {
        states = new FeatureStates(scan, stores.get("counts"), stores.get("contexts"), stores.get("prompts"));
    }

    public FeatureStates states() {
        return states;
    }

    /** Every entry of a store, in hex, so that a difference can be read. */
    public Map<String, String> dump(String store) {
        Map<String, String> dump = new TreeMap<>();
        try (KeyValueIterator<Bytes, byte[]> all = stores.get(store).all()) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> next = all.next();
                dump.put(
                        HexFormat.of().formatHex(next.key.get()), HexFormat.of().formatHex(next.value));
            }
        }
        return dump;
    }

    Map<String, Map<String, String>> dump() {
        Map<String, Map<String, String>> dump = new TreeMap<>();
        for (String store : Arrays.asList("counts", "contexts", "prompts")) {
            dump.put(store, dump(store));
        }
        return dump;
    }
}
