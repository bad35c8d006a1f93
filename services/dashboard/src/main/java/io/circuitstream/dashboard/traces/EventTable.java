package io.circuitstream.dashboard.traces;

import io.circuitstream.dashboard.store.Key;
import io.circuitstream.dashboard.store.Reader;
import io.circuitstream.dashboard.store.Step;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The events of prompts as they came, by stage: Avro in the wire format. Of graphs only the mark is kept: they are too large. */
public final class EventTable {
    private static final char EVENT = 'E';
    private static final char STEERED = 'S';
    private static final char STEERED_ORDER = 's';
    private static final byte[] STEERED_COUNT = Key.of('M').end("steered");
    private static final long MOST_STEERED = 10_000;

    private EventTable() {}

    public static Optional<byte[]> find(Reader from, Stage stage, String promptId) {
        return Optional.ofNullable(from.get(key(stage, promptId)));
    }

    public static void put(Step step, Stage stage, String promptId, byte[] event) {
        step.put(key(stage, promptId), event);
    }

    public static void remove(Step step, String promptId) {
        for (Stage stage : Stage.values()) {
            step.delete(key(stage, promptId));
        }
    }

    private static byte[] key(Stage stage, String promptId) {
        return Key.of(EVENT).text(stage.spelling()).end(promptId);
    }

    /** What steering a prompt gave, by request. */
    public static Optional<byte[]> steered(Reader from, String requestId) {
        return Optional.ofNullable(from.get(Key.of(STEERED).end(requestId)));
    }

    /** Keeps the last {@link #MOST_STEERED}. */
    public static void putSteered(Step step, String requestId, byte[] event) {
        byte[] known = step.get(STEERED_COUNT);
        long count = known == null ? 0 : ByteBuffer.wrap(known).getLong();
        byte[] gone =
                step.get(Key.of(STEERED_ORDER).number(count - MOST_STEERED).end());
        if (gone != null) {
            step.delete(Key.of(STEERED).end(new String(gone, StandardCharsets.UTF_8)));
            step.delete(Key.of(STEERED_ORDER).number(count - MOST_STEERED).end());
        }
        step.put(
                STEERED_COUNT,
                ByteBuffer.allocate(Long.BYTES).putLong(count + 1).array());
        step.put(Key.of(STEERED_ORDER).number(count).end(), requestId.getBytes(StandardCharsets.UTF_8));
        step.put(Key.of(STEERED).end(requestId), event);
    }
}
