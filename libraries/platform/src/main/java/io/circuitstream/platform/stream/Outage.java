package io.circuitstream.platform.stream;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The outage that a service is in, if any, and how long to wait before the next attempt: 200 ms, doubled each time,
 * at most 10 s. It is over with the next result, or when it was not seen again for a minute, because the record may
 * have moved to a peer. Thread-safe.
 */
final class Outage {

    private static final Duration FIRST_WAIT = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final Duration MEMORY = Duration.ofMinutes(1);

    private final LongSupplier nanos;
    private @Nullable String reason;
    private long seen;
    private int attempts;

    Outage(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Notes an attempt that failed and yields the wait before the next. */
    synchronized Duration seen(String reason) {
        this.reason = reason;
        seen = nanos.getAsLong();
        attempts++;
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(attempts - 1, 10));
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    synchronized void over() {
        reason = null;
        attempts = 0;
    }

    synchronized int attempts() {
        return attempts;
    }

    synchronized Optional<String> current() {
        if (reason != null && nanos.getAsLong() - seen > MEMORY.toNanos()) {
            over();
        }
        return Optional.ofNullable(reason);
    }
}
