package io.circuitstream.dashboard.live;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one client has not been sent yet, at most {@code capacity} events. When it is full, events that may be lost go first, the
 * oldest of them; when there are none left the queue breaks, and the client must come back and say what it saw last. Offering never
 * waits. Thread-safe.
 */
final class ClientQueue {
    private final int capacity;
    private final Deque<LiveEvent> events = new ArrayDeque<>();
    private boolean closed;
    private boolean broken;

    ClientQueue(int capacity) {
        this.capacity = capacity;
    }

    /** The number of events that were dropped to take this one, itself included. */
    synchronized int offer(LiveEvent event) {
        if (closed) {
            return 0;
        }
        int dropped = 0;
        if (events.size() == capacity) {
            dropped = 1;
            if (!dropOne() && event.mayBeLost()) {
                return dropped;
            } else if (events.size() == capacity) {
                broken = true;
                dropped = events.size() + 1;
                close();
                return dropped;
            }
        }
        events.add(event);
        notifyAll();
        return dropped;
    }

    private boolean dropOne() {
        for (Iterator<LiveEvent> each = events.iterator(); each.hasNext(); ) {
            if (each.next().mayBeLost()) {
                each.remove();
                return true;
            }
        }
        return false;
    }

    /** The next event, waiting at most so long; null when there is none, or no more. */
    synchronized @Nullable LiveEvent poll(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (events.isEmpty() && !closed) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return null;
            }
            wait(left);
        }
        return events.poll();
    }

    synchronized void close() {
        closed = true;
        events.clear();
        notifyAll();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Whether it was closed because an event that may not be lost had no room. */
    synchronized boolean isBroken() {
        return broken;
    }

    synchronized int size() {
        return events.size();
    }
}
