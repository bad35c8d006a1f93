package io.circuitstream.dashboard.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.dashboard.json.EventJson;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.store.Key;
import io.circuitstream.dashboard.store.Step;
import io.circuitstream.dashboard.store.Store;
import io.circuitstream.events.BehaviourSummary;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Summaries of windows by their start and scan: the last {@link #MOST} that began last. */
public final class BehaviourTable {
    private static final char SUMMARY = 'B';
    private static final byte[] COUNT = Key.of('M').end("behaviours");
    /** A week of one scan in windows of five minutes. */
    static final int MOST = 2_016;

    /** What a list leaves out. */
    private static final List<String> LONG = List.of("topFeatures", "recurrentEdges", "provenance");

    private BehaviourTable() {}

    public static void put(Step step, BehaviourSummary event) {
        byte[] key = key(event.getWindowStart().toEpochMilli(), event.getScan());
        boolean known = step.get(key) != null;
        step.put(key, Json.bytes(EventJson.tree(event)));
        if (known) {
            return;
        }
        byte[] before = step.get(COUNT);
        int count = (before == null ? 0 : ByteBuffer.wrap(before).getInt()) + 1;
        if (count > MOST) {
            List<byte[]> oldest = new ArrayList<>();
            step.ascend(Key.of(SUMMARY).end(), (first, value) -> {
                oldest.add(first);
                return false;
            });
            oldest.forEach(step::delete);
            count--;
        }
        step.put(COUNT, ByteBuffer.allocate(Integer.BYTES).putInt(count).array());
    }

    /** The newest windows of a scan, or of all when it is null, without their features and edges. */
    public static ArrayNode newest(Store store, @Nullable String scan, int limit) {
        ArrayNode windows = Json.MAPPER.createArrayNode();
        byte[] end = Key.of(SUMMARY).number(Long.MAX_VALUE).end();
        store.descend(Key.of(SUMMARY).end(), end, (key, value) -> {
            if (scan == null || scan.equals(Key.textAfter(key, 1 + Long.BYTES))) {
                windows.add(Json.read(value, ObjectNode.class).remove(LONG));
            }
            return windows.size() < limit;
        });
        return windows;
    }

    /** One window, whole. */
    public static Optional<ObjectNode> find(Store store, String scan, long windowStart) {
        return Optional.ofNullable(store.get(key(windowStart, scan))).map(json -> Json.read(json, ObjectNode.class));
    }

    private static byte[] key(long windowStart, String scan) {
        return Key.of(SUMMARY).number(windowStart).end(scan);
    }
}
