package io.circuitstream.dashboard.reading;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Lets those wait who sent an event and want to see it in the store. Thread-safe. */
public final class Steps {
    /** After every step of the reader. */
    public synchronized void passed() {
        notifyAll();
    }

    /** Whether the condition came true in time; it is looked at after each step. */
    public synchronized boolean await(BooleanSupplier condition, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }
}
