package io.circuitstream.audit.behaviour;

import io.circuitstream.audit.behaviour.digest.Beat;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What the reader of a source tells of how far it has read. Not thread-safe. */
final class Pulse {
    private final int source;
    private final long quiet;
    private final long interval;
    private boolean known;
    private long progress;
    private long busy;
    private long lastBeat;

    /**
     * Of a source that is about to be read.
     *
     * @param now when reading begins
     */
    Pulse(int source, long quiet, long interval, long now) {
        this.source = source;
        this.quiet = quiet;
        this.interval = interval;
        this.busy = now;
        this.lastBeat = now;
    }

    /**
     * Takes note of an event. A source that was quiet or unknown speaks at once, before its event is passed on: owners must not close
     * windows any more because of the quiet.
     *
     * @param timestamp of the event; one after {@code now} counts as now: a wrong clock closes no window
     */
    Optional<Beat> read(long timestamp, long now) {
        long read = Math.min(timestamp, now);
        busy = now;
        if (known) {
            progress = Math.max(progress, read);
            return Optional.empty();
        }
        known = true;
        progress = read;
        return Optional.of(new Beat(source, progress, now));
    }

    /**
     * Speaks. As long as nothing was read it has passed nothing: owners have to know that there is such a source, and after a start it
     * may go on anywhere.
     *
     * @param unread whether there are records that were not read yet, asked when none came for long: a thread with a backlog reads one
     *     partition after the other
     */
    Beat beat(long now, BooleanSupplier unread) {
        if (now - lastBeat > 2 * interval) {
            // The thread was busy elsewhere: that nothing was read says nothing about the source.
            busy = now;
        }
        lastBeat = now;
        if (now - busy >= quiet) {
            if (!unread.getAsBoolean()) {
                known = false;
                return new Beat(source, now, now);
            }
            busy = now;
        }
        return new Beat(source, known ? progress : Long.MIN_VALUE, now);
    }
}
