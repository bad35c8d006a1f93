package io.circuitstream.audit.behaviour;

import io.circuitstream.audit.behaviour.digest.Beat;
import java.util.Optional;

/** What the reader of a source tells of how far it has read. Not thread-safe. */
final class Pulse {
    private final int source;
    private final long quiet;
    private final long interval;
    private long progress = Long.MIN_VALUE;
    private long busy;
    private long lastBeat;

    /** @param now when reading begins */
    Pulse(int source, long quiet, long interval, long now) {
        this.source = source;
        this.quiet = quiet;
        this.interval = interval;
        this.busy = now;
        this.lastBeat = now;
    }

    /** @param timestamp of the event; one after {@code now} counts as now: a wrong clock closes no window */
    void read(long timestamp, long now) {
        progress = Math.max(progress, Math.min(timestamp, now));
        busy = now;
    }

    /** Empty as long as nothing is known. */
    Optional<Beat> beat(long now) {
        if (now - lastBeat > 2 * interval) {
            // The thread was busy elsewhere: that nothing was read says nothing about the source.
            busy = now;
        }
        lastBeat = now;
        if (now - busy >= quiet) {
            progress = Math.max(progress, now);
        }
        return progress == Long.MIN_VALUE ? Optional.empty() : Optional.of(new Beat(source, progress, now));
    }
}
