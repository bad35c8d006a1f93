package io.circuitstream.dashboard.live;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One client's stream, on a thread of its own: what it missed from the log, then what happens. Begins with {@code hello}, or with
 * {@code reset} when what it missed is not known any more. Ends when the client must say again who it is.
 */
final class EventStream {
    private static final long KEEP_ALIVE_MILLIS = 15_000;
    private static final byte[] KEEP_ALIVE = ": keep-alive\n\n".getBytes(StandardCharsets.UTF_8);

    private final Hub hub;
    private final Hub.Subscription subscription;
    private final OutputStream out;

    EventStream(Hub hub, Hub.Subscription subscription, OutputStream out) {
        this.hub = hub;
        this.subscription = subscription;
        this.out = out;
    }

    /** Returns when the client is gone, was too slow, must say again who it is, or the server stops. */
    void run(@Nullable String lastEventId) throws InterruptedException {
        ClientQueue queue = subscription.queue();
        try {
            begin(lastEventId);
            long left = millisLeft();
            while (!queue.isClosed() && left > 0) {
                LiveEvent event = queue.poll(Math.min(KEEP_ALIVE_MILLIS, left));
                left = millisLeft();
                if (left > 0 && event != null) {
                    send(event);
                } else if (left > 0 && !queue.isClosed()) {
                    write(KEEP_ALIVE);
                }
            }
        } catch (IOException e) {
            // The usual end: a browser that went away.
        } finally {
            hub.unsubscribe(queue);
        }
    }

    private long millisLeft() {
        Instant expires = subscription.client().expires();
        return expires == null
                ? Long.MAX_VALUE
                : Duration.between(Instant.now(), expires).toMillis();
    }

    private void begin(@Nullable String lastEventId) throws IOException {
        long upTo = subscription.upTo();
        OptionalLong after =
                lastEventId == null ? OptionalLong.empty() : hub.log().resumable(lastEventId);
        if (after.isEmpty()) {
            send(hub.log().event(upTo, lastEventId == null ? "hello" : "reset"));
            return;
        }
        send(hub.log().event(after.getAsLong(), "hello"));
        IOException[] failed = {null};
        hub.log().replay(after.getAsLong(), upTo, event -> {
            try {
                if (event.audience().includes(subscription.client().tenants())) {
                    send(event);
                }
                return true;
            } catch (IOException e) {
                failed[0] = e;
                return false;
            }
        });
        if (failed[0] != null) {
            throw failed[0];
        }
    }

    private void send(LiveEvent event) throws IOException {
        write(event.frame());
        hub.sent();
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }
}
