package io.circuitstream.audit.behaviour;

import io.circuitstream.audit.behaviour.digest.Arrival;
import io.circuitstream.audit.behaviour.digest.Message;
import io.circuitstream.audit.behaviour.digest.Observation;
import io.circuitstream.events.Provenance;
import io.circuitstream.platform.serde.Received;
import java.time.Duration;
import java.util.function.Function;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Makes a digest of each event for the owner of its scan, and tells all owners at intervals how far it has read. */
final class Observer<E> implements Processor<String, Received<E>, String, Message> {
    private static final int BEATS_WHEN_QUIET = 4;

    private final int stream;
    private final long quiet;
    private final Function<E, Provenance> provenance;
    private final Function<E, Observation> digest;
    private ProcessorContext<String, Message> context;
    private Pulse pulse;

    /** @param stream 0 or 1: partitions of the two input topics are different sources */
    Observer(int stream, long quiet, Function<E, Provenance> provenance, Function<E, Observation> digest) {
        this.stream = stream;
        this.quiet = quiet;
        this.provenance = provenance;
        this.digest = digest;
    }

    @Override
    public void init(ProcessorContext<String, Message> context) {
        this.context = context;
        long interval = Math.max(1, quiet / BEATS_WHEN_QUIET);
        int source = 2 * context.taskId().partition() + stream;
        pulse = new Pulse(source, quiet, interval, context.currentSystemTimeMs());
        context.schedule(Duration.ofMillis(interval), PunctuationType.WALL_CLOCK_TIME, this::beat);
    }

    @Override
    public void process(Record<String, Received<E>> record) {
        pulse.read(record.timestamp(), context.currentSystemTimeMs());
        E event = record.value().event();
        Arrival arrival = new Arrival(record.key(), digest.apply(event));
        context.forward(record.withKey(provenance.apply(event).getScan()).withValue(arrival));
    }

    private void beat(long now) {
        pulse.beat(now).ifPresent(beat -> context.forward(new Record<>("", beat, now)));
    }
}
