package io.circuitstream.dashboard.live;

import io.circuitstream.dashboard.access.Principal;
import io.circuitstream.dashboard.access.Tenants;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hands what happens to every client whom it is for. Publishing never waits for one of them. Thread-safe. */
public final class Hub implements AutoCloseable {
    /** More kept events at once than this come of catching up: then reading the lists anew is cheaper than following. */
    private static final int MOST_AT_ONCE = 200;

    private final EventLog log;
    private final int queueCapacity;
    private final int mostClients;
    private final Map<ClientQueue, Tenants> clients = new LinkedHashMap<>();
    private final Counter dropped;
    private final Counter sent;
    private long published;
    private boolean closed;

    public Hub(EventLog log, int queueCapacity, int mostClients, MeterRegistry meters) {
        this.log = log;
        this.queueCapacity = queueCapacity;
        this.mostClients = mostClients;
        this.published = log.last();
        this.dropped = meters.counter("circuitstream.dashboard.events.dropped");
        this.sent = meters.counter("circuitstream.dashboard.events.sent");
        meters.gauge("circuitstream.dashboard.clients", this, Hub::clients);
    }

    /**
     * What a client begins with.
     *
     * @param upTo the number of the last event that was published before the queue was there: older ones are in the log
     */
    record Subscription(ClientQueue queue, long upTo, Principal client) {}

    /** A new client's queue, or null when there are as many as may be. */
    synchronized @Nullable Subscription subscribe(Principal client) {
        if (clients.size() >= mostClients || closed) {
            return null;
        }
        ClientQueue queue = new ClientQueue(queueCapacity);
        clients.put(queue, client.tenants());
        return new Subscription(queue, published, client);
    }

    synchronized void unsubscribe(ClientQueue queue) {
        queue.close();
        clients.remove(queue);
    }

    /** Publishes what a step wrote to the log, in its order, after it was committed, and what may be lost. */
    public synchronized void publish(List<LiveEvent> events) {
        List<LiveEvent> kept =
                events.stream().filter(event -> !event.mayBeLost()).toList();
        List<LiveEvent> out = events;
        if (kept.size() > MOST_AT_ONCE) {
            out = List.of(reset(kept.get(kept.size() - 1).sequence()));
        }
        for (LiveEvent event : out) {
            clients.forEach((queue, tenants) -> {
                if (event.audience().includes(tenants)) {
                    dropped.increment(queue.offer(event));
                }
            });
            clients.keySet().removeIf(ClientQueue::isClosed);
        }
        if (!kept.isEmpty()) {
            published = kept.get(kept.size() - 1).sequence();
        }
    }

    /** Tells a client that it must read the lists anew, and from where it can go on. */
    LiveEvent reset(long sequence) {
        return log.event(sequence, "reset");
    }

    EventLog log() {
        return log;
    }

    void sent() {
        sent.increment();
    }

    public synchronized int clients() {
        return clients.size();
    }

    public long dropped() {
        return (long) dropped.count();
    }

    /** Ends all streams: their clients come back when a server is there again. */
    @Override
    public synchronized void close() {
        closed = true;
        clients.keySet().forEach(ClientQueue::close);
        clients.clear();
    }
}
