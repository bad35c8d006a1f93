package io.circuitstream.dashboard.live;

import io.circuitstream.dashboard.access.Principal;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Opens a stream for each client, with a thread of its own that alone waits for it. Thread-safe. */
public final class StreamServer {
    private static final long STACK_BYTES = 256 << 10;

    private final Hub hub;

    public StreamServer(Hub hub) {
        this.hub = hub;
    }

    /** A client that has a place and is not served yet. */
    public final class Opened {
        private final Hub.Subscription subscription;

        private Opened(Hub.Subscription subscription) {
            this.subscription = subscription;
        }

        /** Begins to write; complete when the stream has ended. */
        public CompletableFuture<Void> serve(OutputStream out, @Nullable String lastEventId) {
            CompletableFuture<Void> ended = new CompletableFuture<>();
            Runnable work = () -> {
                try {
                    new EventStream(hub, subscription, out).run(lastEventId);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    hub.unsubscribe(subscription.queue());
                    ended.complete(null);
                }
            };
            Thread thread = new Thread(null, work, "live-stream", STACK_BYTES);
            thread.setDaemon(true);
            thread.start();
            return ended;
        }
    }

    /** Empty when there are as many clients as may be. */
    public Optional<Opened> open(Principal client) {
        return Optional.ofNullable(hub.subscribe(client)).map(Opened::new);
    }
}
