package io.circuitstream.dashboard.reading;

import io.circuitstream.dashboard.live.EventLog;
import io.circuitstream.dashboard.store.Step;
import io.circuitstream.dashboard.store.Store;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.logging.LogKeys;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what polls bring into the store, a poll in a step. A record that cannot be decoded is passed over and counted: it is a stage's
 * matter. For one thread.
 */
final class Intake {
    private static final Logger log = LoggerFactory.getLogger(Intake.class);
    /** Older records come of catching up: their age says nothing of how soon news is seen. */
    private static final long NEWS_MILLIS = 60_000;

    private static final Set<Event> OF_PROMPTS =
            EnumSet.of(Event.PROMPTS, Event.INFERENCES, Event.GRAPHS, Event.CIRCUITS, Event.VALIDATIONS);

    private final Store store;
    private final EventTypes types;
    private final Map<String, Event> eventOf;
    private final TraceProjection traces;
    private final Projection projection;
    private final Applied applied;
    private final Counter read;
    private final Counter undecodable;
    private final Timer delay;
    private final Timer step;

    /** @param eventOf what each topic carries */
    Intake(
            Store store,
            EventTypes types,
            Map<String, Event> eventOf,
            EventLog events,
            Most most,
            Applied applied,
            MeterRegistry meters) {
        this.store = store;
        this.types = types;
        this.eventOf = eventOf;
        this.traces = new TraceProjection(types, most.traces());
        this.projection = new Projection(events, traces, new AuditProjection(events, most.findings()));
        this.applied = applied;
        this.read = meters.counter("circuitstream.dashboard.records.read");
        this.undecodable = meters.counter("circuitstream.dashboard.records.undecodable");
        this.delay = timer(
                "circuitstream.dashboard.read.delay",
                "From the time of a prompt's or result's record to when it was read.",
                meters);
        this.step = timer("circuitstream.dashboard.step", "From a poll to the telling of what it changed.", meters);
    }

    private static Timer timer(String name, String description, MeterRegistry meters) {
        return Timer.builder(name)
                .description(description)
                .publishPercentiles(0.5, 0.95)
                .register(meters);
    }

    /** All of a poll in one step: either every record counts and the offsets say so, or none. */
    void take(ConsumerRecords<String, byte[]> records) {
        if (records.isEmpty()) {
            return;
        }
        long start = System.nanoTime();
        records.forEach(this::observe);
        Changed changed = new Changed();
        try (Step step = store.step()) {
            for (ConsumerRecord<String, byte[]> record : records) {
                apply(step, record, changed);
                Offsets.put(step, new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
            }
            projection.finish(step, changed);
            step.commit();
        }
        read.increment(records.count());
        applied.applied(changed.traces.values(), changed.rows, changed.events);
        step.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        forget();
    }

    private void observe(ConsumerRecord<String, byte[]> record) {
        long age = System.currentTimeMillis() - record.timestamp();
        if (age < NEWS_MILLIS && OF_PROMPTS.contains(eventOf.get(record.topic()))) {
            delay.record(Math.max(0, age), TimeUnit.MILLISECONDS);
        }
    }

    private void apply(Step step, ConsumerRecord<String, byte[]> record, Changed changed) {
        Event topic = eventOf.get(record.topic());
        step.mark();
        try {
            if (record.key() != null) {
                SpecificRecord event = record.value() == null ? null : types.decode(topic, record.value());
                projection.apply(step, topic, record, event, changed);
            }
        } catch (SerializationException | IllegalArgumentException | ClassCastException e) {
            step.forget(); // of a record that fails half-way nothing counts
            if (topic == Event.FINDINGS) {
                AuditProjection.foreign(step, record);
            }
            undecodable.increment();
            log.atWarn()
                    .addKeyValue(LogKeys.TOPIC, record.topic())
                    .addKeyValue(LogKeys.PARTITION, record.partition())
                    .addKeyValue(LogKeys.OFFSET, record.offset())
                    .log("a record is passed over: {}", e.getClass().getSimpleName());
        }
    }

    private void forget() {
        boolean more = true;
        while (more) {
            Changed changed = new Changed();
            try (Step step = store.step()) {
                more = traces.forget(step, changed);
                step.commit();
            }
            applied.applied(List.of(), changed.rows, List.of());
        }
    }

    /** Records that were read since the start. */
    long read() {
        return (long) read.count();
    }
}
