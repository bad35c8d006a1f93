package io.circuitstream.dashboard.live;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One event of the stream, as the bytes that every client gets whom it is for.
 *
 * @param sequence its number; 0 for an event that may be lost and has none
 */
public record LiveEvent(long sequence, Audience audience, byte[] frame) {

    /** An event that may be lost. */
    public static LiveEvent passing(String name, Audience audience, byte[] json) {
        return new LiveEvent(0, audience, frame(null, name, json));
    }

    /** An event from which a client can go on. */
    public static LiveEvent kept(String instance, long sequence, String name, Audience audience, byte[] json) {
        return new LiveEvent(sequence, audience, frame(instance + "-" + sequence, name, json));
    }

    public boolean mayBeLost() {
        return sequence == 0;
    }

    /** Jackson writes line breaks as escapes, so that the data are one line. */
    private static byte[] frame(@Nullable String id, String name, byte[] json) {
        String head = (id == null ? "" : "id: " + id + "\n") + "event: " + name + "\ndata: ";
        byte[] start = head.getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[start.length + json.length + 2];
        System.arraycopy(start, 0, frame, 0, start.length);
        System.arraycopy(json, 0, frame, start.length, json.length);
        frame[frame.length - 2] = '\n';
        frame[frame.length - 1] = '\n';
        return frame;
    }
}
