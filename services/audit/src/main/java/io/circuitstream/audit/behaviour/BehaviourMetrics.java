package io.circuitstream.audit.behaviour;

import io.circuitstream.audit.behaviour.digest.CircuitDigest;
import io.circuitstream.audit.behaviour.digest.Observation;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What the windows count. Counters also count what a transaction that is aborted did. Thread-safe. */
final class BehaviourMetrics {
    private final Counter lateCircuits;
    private final Counter lateReports;
    private final Counter closed;

    BehaviourMetrics(MeterRegistry registry) {
        lateCircuits = late(registry, "circuits");
        lateReports = late(registry, "validations");
        closed = Counter.builder("circuitstream.audit.windows.closed")
                .description("Windows closed, each with one summary")
                .register(registry);
    }

    private static Counter late(MeterRegistry registry, String topic) {
        return Counter.builder("circuitstream.audit.late")
                .description("Records that came after their window had closed")
                .tag("topic", topic)
                .register(registry);
    }

    void late(Observation seen) {
        (seen instanceof CircuitDigest ? lateCircuits : lateReports).increment();
    }

    void closed() {
        closed.increment();
    }
}
