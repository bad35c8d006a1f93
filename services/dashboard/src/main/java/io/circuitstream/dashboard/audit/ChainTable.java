package io.circuitstream.dashboard.audit;

import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.store.Key;
import io.circuitstream.dashboard.store.Reader;
import io.circuitstream.dashboard.store.Step;
import io.circuitstream.events.AuditCheckpoint;
import io.circuitstream.events.AuditFinding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The chains of findings by partition. Both topics are read side by side, so a checkpoint may come before what it signs. */
public final class ChainTable {
    private static final char CHAIN = 'C';
    private static final char HASH = 'H';
    /** Hashes that are kept of a chain, for checkpoints that are read after findings which came later. */
    private static final long MOST_HASHES = 10_000;

    private ChainTable() {}

    /**
     * Adds a finding to its chain.
     *
     * @param value of the record, in the wire format
     */
    public static void finding(Step step, int partition, long offset, byte[] value, AuditFinding finding) {
        Link link = Link.of(offset, value, finding);
        put(step, find(step, partition).with(link));
        step.put(hashKey(partition, link.sequence()), link.hash().getBytes(StandardCharsets.US_ASCII));
        if (link.sequence() > MOST_HASHES) {
            step.delete(hashKey(partition, link.sequence() - MOST_HASHES));
        }
    }

    /** A record among the findings that is none. */
    public static void foreign(Step step, int partition, long offset) {
        put(step, find(step, partition).withForeign(offset));
    }

    /** Notes how far a chain was signed. */
    public static void checkpoint(Step step, int partition, AuditCheckpoint event) {
        Chain.Checkpoint checkpoint = new Chain.Checkpoint(
                event.getNumber(),
                event.getSequence(),
                Link.hex(event.getHash()),
                event.getTime().toEpochMilli(),
                event.getKeyFingerprint());
        byte[] there = step.get(hashKey(partition, event.getSequence()));
        @Nullable String hash = there == null ? null : new String(there, StandardCharsets.US_ASCII);
        put(step, find(step, partition).with(checkpoint, hash));
    }

    /** All that were read, by partition. */
    public static List<Chain> read(Reader from) {
        List<Chain> chains = new ArrayList<>();
        from.ascend(Key.of(CHAIN).end(), (key, value) -> {
            chains.add(Json.read(value, Chain.class));
            return true;
        });
        return chains;
    }

    private static Chain find(Reader from, int partition) {
        byte[] known = from.get(Key.of(CHAIN).number(partition).end());
        return known == null ? Chain.empty(partition) : Json.read(known, Chain.class);
    }

    private static void put(Step step, Chain chain) {
        step.put(Key.of(CHAIN).number(chain.partition()).end(), Json.bytes(chain));
    }

    private static byte[] hashKey(int partition, long sequence) {
        return Key.of(HASH).number(partition).number(sequence).end();
    }
}
