package io.circuitstream.platform.stream;

import io.circuitstream.events.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What one stage counts. All meters exist from the start, so that a rate of zero is not a gap. Thread-safe. */
public final class StageMetrics {

    /** Timer of {@link Stage#process}, by stage. */
    public static final String COMPUTE = "circuitstream.stage.compute";

    private final Map<Status, Counter> records = new EnumMap<>(Status.class);
    private final Timer duration;
    private final Timer compute;
    private final Counter deadLetters;
    private final Counter retries;
    private final Counter progressDropped;

    StageMetrics(MeterRegistry registry, String stage) {
        for (Status status : Status.values()) {
            records.put(
                    status,
                    Counter.builder("circuitstream.records")
                            .description("Results written, by status")
                            .tag("stage", stage)
                            .tag("status", status.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        duration = Timer.builder("circuitstream.stage.duration")
                .description("Time from reading a record to handing over its result")
                .tag("stage", stage)
                .publishPercentileHistogram()
                .register(registry);
        compute = Timer.builder(COMPUTE)
                .description("Time of the stage's own work on a record, without serialising and transport")
                .tag("stage", stage)
                .register(registry);
        deadLetters = counter(registry, "circuitstream.dead.letters", "Records that became dead letters", stage);
        retries = counter(registry, "circuitstream.retries", "Attempts that ended in an outage", stage);
        progressDropped =
                counter(registry, "circuitstream.progress.dropped", "Progress events that were not sent", stage);
    }

    void finished(Status status, Duration elapsed) {
        records.get(status).increment();
        duration.record(elapsed);
    }

    void computed(Duration elapsed) {
        compute.record(elapsed);
    }

    void deadLetter() {
        deadLetters.increment();
    }

    void retry() {
        retries.increment();
    }

    void progressDropped() {
        progressDropped.increment();
    }

    private static Counter counter(MeterRegistry registry, String name, String description, String stage) {
        return Counter.builder(name)
                .description(description)
                .tag("stage", stage)
                .register(registry);
    }
}
