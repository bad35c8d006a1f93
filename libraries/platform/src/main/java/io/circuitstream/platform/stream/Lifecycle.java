package io.circuitstream.platform.stream;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.KafkaStreams;

/** Where a service is. It works on records only while RUNNING; CLOSED and FAILED are final. */
public enum Lifecycle {
    NEW,
    /** Waits for brokers, checks topics, or waits for partitions to be assigned: at the start and on every rebalance. */
    STARTING,
    RUNNING,
    CLOSING,
    CLOSED,
    FAILED;

    boolean mayBecome(Lifecycle next) {
        return switch (this) {
            case NEW -> Set.of(STARTING, CLOSING).contains(next);
            case STARTING -> Set.of(RUNNING, CLOSING, FAILED).contains(next);
            case RUNNING -> Set.of(STARTING, CLOSING, FAILED).contains(next);
            case CLOSING -> Set.of(CLOSED, FAILED).contains(next);
            case CLOSED, FAILED -> false;
        };
    }

    boolean isFinal() {
        return this == CLOSED || this == FAILED;
    }

    /** What a state of Kafka Streams means; empty for the states of a stop, which the service itself leads. */
    static Optional<Lifecycle> of(KafkaStreams.State state) {
        return switch (state) {
            case CREATED, REBALANCING -> Optional.of(STARTING);
            case RUNNING -> Optional.of(RUNNING);
            case PENDING_ERROR, ERROR -> Optional.of(FAILED);
            case PENDING_SHUTDOWN, NOT_RUNNING -> Optional.empty();
        };
    }
}
