package io.circuitstream.description.state;

import io.circuitstream.description.packed.PackedReader;
import io.circuitstream.description.packed.PackedWriter;
import io.circuitstream.description.shares.PromptShare;
import io.circuitstream.description.shares.ShareCodec;
import java.util.Arrays;
import java.util.Collection;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * A uniform sample of all prompts with the share's activations, those with the smallest hash, and how many prompts and tokens
 * there were. It says what tokens look like at which a feature is not active. Reads its store once; thread-confined.
 */
public final class Background {
    static final int PROMPTS = 256;
    /** Of longer prompts only the beginning is kept. */
    static final int TOKENS = 256;

    private static final byte TOTALS = 0;
    private static final byte PROMPT = 1;

    private final KeyValueStore<Bytes, byte[]> store;
    private final long scan;
    private final TreeMap<Long, PromptShare> sample = new TreeMap<>(Long::compareUnsigned);
    private long prompts;
    private long tokens;
    private long version;

    Background(KeyValueStore<Bytes, byte[]> store, long scan) {
        this.store = store;
        this.scan = scan;
        byte[] totals = store.get(totalsKey());
        if (totals != null) {
            PackedReader in = new PackedReader(totals);
            prompts = in.count();
            tokens = in.count();
        }
        try (KeyValueIterator<Bytes, byte[]> all = store.range(promptKey(0), promptKey(-1))) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> next = all.next();
                PromptShare share = (PromptShare) ShareCodec.decode(next.value);
                sample.put(share.prompt(), share);
            }
        }
    }

    void add(PromptShare whole) {
        prompts++;
        tokens += whole.openTokens();
        store.put(totalsKey(), new PackedWriter(20).count(prompts).count(tokens).toBytes());
        boolean full = sample.size() == PROMPTS;
        if (full && Long.compareUnsigned(whole.prompt(), sample.lastKey()) > 0) {
            return;
        }
        PromptShare share = whole.head(TOKENS);
        byte[] bytes = ShareCodec.encode(share);
        byte[] there = store.get(promptKey(share.prompt()));
        if (there != null && Arrays.compareUnsigned(there, bytes) <= 0) {
            return;
        }
        store.put(promptKey(share.prompt()), bytes);
        sample.put(share.prompt(), share);
        if (sample.size() > PROMPTS) {
            store.delete(promptKey(sample.pollLastEntry().getKey()));
        }
        version++;
    }

    /** Inferences seen. */
    public long prompts() {
        return prompts;
    }

    /** Tokens at which features can be active, over those. */
    public long tokens() {
        return tokens;
    }

    /** Changes with the sample. */
    public long version() {
        return version;
    }

    /** Smallest hash first, at most 256. */
    public Collection<PromptShare> sample() {
        return sample.values();
    }

    private Bytes totalsKey() {
        return Bytes.wrap(
                new PackedWriter(16).word(scan).raw(new byte[] {TOTALS}).toBytes());
    }

    private Bytes promptKey(long prompt) {
        return Bytes.wrap(new PackedWriter(24)
                .word(scan)
                .raw(new byte[] {PROMPT})
                .word(prompt)
                .toBytes());
    }
}
