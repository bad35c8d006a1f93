package io.circuitstream.platform.stream;

import io.circuitstream.platform.stream.AttemptLog.Attempt;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Counts the attempts at the records of one task. An attempt counts when the process that made it is gone without having
 * finished: killed, out of memory, too slow for its transaction. Not thread-safe.
 *
 * <p>Noting costs a request to the brokers, which nobody waits for, except at the beginning of a task: what ends the process
 * again and again comes right after its start, within what was not committed.
 */
final class Attempts {
    private final @Nullable AttemptLog log;
    private final int most;
    private final long carefulNanos;
    private final LongSupplier nanos;
    private boolean isTold;
    private long begun;
    private @Nullable Attempt last;

    /**
     * @param log null where nobody could take over: without brokers
     * @param commitInterval at most so much work is begun again after a crash
     */
    Attempts(@Nullable AttemptLog log, int most, Duration commitInterval, LongSupplier nanos) {
        this.log = log;
        this.most = most;
        this.carefulNanos = commitInterval.multipliedBy(2).plusSeconds(1).toNanos();
        this.nanos = nanos;
    }

    /**
     * Notes that the work on a record begins.
     *
     * @throws TooManyAttemptsException when it was begun as often as it may be
     * @throws org.apache.kafka.common.errors.RetriableException when no broker answers
     */
    void begin(TopicPartition partition, long offset) {
        if (log == null) {
            return;
        }
        if (!isTold) {
            last = log.last(partition); // as a peer noted it that had this task before
            begun = nanos.getAsLong();
            isTold = true;
        }
        int number = last != null && last.offset() == offset ? last.number() + 1 : 1;
        if (number > most) {
            throw new TooManyAttemptsException(most);
        }
        last = new Attempt(offset, number);
        if (nanos.getAsLong() - begun < carefulNanos) {
            log.putNow(partition, last);
        } else {
            log.put(partition, last);
        }
    }

    /** The attempt in work does not count: something was away. */
    void forgive(TopicPartition partition) {
        if (log != null && last != null) {
            last = new Attempt(last.offset(), last.number() - 1);
            log.put(partition, last);
        }
    }
}
