package io.circuitstream.dashboard.live;

import io.circuitstream.dashboard.store.Key;
import io.circuitstream.dashboard.store.Reader;
import io.circuitstream.dashboard.store.Step;
import io.circuitstream.dashboard.store.Store;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The last events that may not be lost, on disk, numbered without gaps. The instance's name is part of every id, so that an id of a
 * store that is gone is not taken for one of this.
 */
public final class EventLog {
    private static final char ENTRY = 'L';
    /** Beside the entry, so that builds that know no tenants read this log and this one reads theirs. */
    private static final char AUDIENCE = 'l';

    private static final byte[] INSTANCE = Key.of('M').end("instance");
    private static final byte[] LAST = Key.of('M').end("sequence");

    private static final byte[] EMPTY = {'{', '}'};

    private final Store store;
    private final int capacity;
    private final String instance;

    public EventLog(Store store, int capacity) {
        this.store = store;
        this.capacity = capacity;
        this.instance = instance(store);
    }

    private static String instance(Store store) {
        byte[] known = store.get(INSTANCE);
        if (known != null) {
            return new String(known, StandardCharsets.UTF_8);
        }
        String name = UUID.randomUUID().toString().substring(0, 8);
        try (Step step = store.step()) {
            step.put(INSTANCE, name.getBytes(StandardCharsets.UTF_8));
            step.commit();
        }
        return name;
    }

    /** Adds an event as a part of the step; the oldest goes when there are too many. */
    public LiveEvent add(Step step, String name, Audience audience, byte[] json) {
        long sequence = last(step) + 1;
        LiveEvent event = LiveEvent.kept(instance, sequence, name, audience, json);
        step.put(key(sequence), event.frame());
        step.put(audienceKey(sequence), audience.bytes());
        step.put(LAST, ByteBuffer.allocate(Long.BYTES).putLong(sequence).array());
        if (sequence > capacity) {
            step.delete(key(sequence - capacity));
            step.delete(audienceKey(sequence - capacity));
        }
        return event;
    }

    public long last() {
        return last(store);
    }

    private static long last(Reader from) {
        byte[] last = from.get(LAST);
        return last == null ? 0 : ByteBuffer.wrap(last).getLong();
    }

    /** An event without content that stands at a place of the log and is not in it: a client goes on after that place. */
    LiveEvent event(long sequence, String name) {
        return LiveEvent.kept(instance, sequence, name, Audience.EVERYBODY, EMPTY);
    }

    /** The number in an id; empty when what follows it is not in this log any more. */
    OptionalLong resumable(String id) {
        int dash = id.lastIndexOf('-');
        if (dash < 0
                || !id.substring(0, dash).equals(instance)
                || !id.substring(dash + 1).matches("\\d{1,18}")) {
            return OptionalLong.empty();
        }
        long sequence = Long.parseLong(id.substring(dash + 1));
        long last = last();
        return sequence <= last && sequence >= last - capacity ? OptionalLong.of(sequence) : OptionalLong.empty();
    }

    /** Hands over the events after the first number up to the last, until one is not taken. */
    void replay(long after, long upTo, Predicate<LiveEvent> taker) {
        store.ascend(Key.of(ENTRY).end(), key(after + 1), (key, frame) -> {
            long sequence = Key.numberAt(key, 1);
            Audience audience = Audience.read(store.get(audienceKey(sequence)));
            return sequence <= upTo && taker.test(new LiveEvent(sequence, audience, frame));
        });
    }

    private static byte[] audienceKey(long sequence) {
        return Key.of(AUDIENCE).number(sequence).end();
    }

    private static byte[] key(long sequence) {
        return Key.of(ENTRY).number(sequence).end();
    }
}
