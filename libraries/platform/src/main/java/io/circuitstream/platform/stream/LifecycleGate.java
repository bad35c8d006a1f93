package io.circuitstream.platform.stream;

import java.time.Duration;
import java.util.function.Predicate;

/** The lifecycle of one service and a place to wait for it. Thread-safe. */
final class LifecycleGate {

    private Lifecycle current = Lifecycle.NEW;

    synchronized Lifecycle current() {
        return current;
    }

    /** False, and nothing changes, when the transition is not allowed: late events of a stop race with the stop. */
    synchronized boolean move(Lifecycle next) {
        if (!current.mayBecome(next)) {
            return false;
        }
        current = next;
        notifyAll();
        return true;
    }

    /** Moves to FAILED, unless a stop was asked for before: what breaks then breaks because of the stop. */
    synchronized void fail() {
        if (current != Lifecycle.CLOSING) {
            move(Lifecycle.FAILED);
        }
    }

    /** Waits until the lifecycle is as wanted or the time is up; yields what it is then. */
    synchronized Lifecycle await(Predicate<Lifecycle> wanted, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!wanted.test(current)) {
            long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (millis <= 0) {
                return current;
            }
            wait(millis);
        }
        return current;
    }
}
