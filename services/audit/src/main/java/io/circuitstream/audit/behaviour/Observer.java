package io.circuitstream.audit.behaviour;

import io.circuitstream.audit.behaviour.digest.Arrival;
import io.circuitstream.audit.behaviour.digest.Beat;
import io.circuitstream.audit.behaviour.digest.Message;
import io.circuitstream.audit.behaviour.digest.Observation;
import io.circuitstream.events.Provenance;
import io.circuitstream.platform.serde.Received;
import java.time.Duration;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Makes a digest of each event for the owner of its scan, and tells all owners at intervals how far it has read. */
final class Observer<E> implements Processor<String, Received<E>, String, Message> {
    private static final int BEATS_WHEN_QUIET = 4;

    private final int stream;
    private final String topic;
    private final long quiet;
    private final Lookahead.Source lookaheads;
    private final Function<E, Provenance> provenance;
    private final Function<E, Observation> digest;
    private ProcessorContext<String, Message> context;
    private Pulse pulse;
    private Lookahead lookahead;
    private long next = -1;

    /**
     * Of one partition.
     *
     * @param stream 0 or 1: partitions of the two input topics are different sources
     */
    Observer(
            int stream,
            String topic,
            long quiet,
            Lookahead.Source lookaheads,
            Function<E, Provenance> provenance,
            Function<E, Observation> digest) {
        this.stream = stream;
        this.topic = topic;
        this.quiet = quiet;
        this.lookaheads = lookaheads;
        this.provenance = provenance;
        this.digest = digest;
    }

    @Override
    public void init(ProcessorContext<String, Message> context) {
        this.context = context;
        long interval = Math.max(1, quiet / BEATS_WHEN_QUIET);
        int partition = context.taskId().partition();
        lookahead = lookaheads.of(new TopicPartition(topic, partition));
        pulse = new Pulse(2 * partition + stream, quiet, interval, context.currentSystemTimeMs());
        context.schedule(Duration.ofMillis(interval), PunctuationType.WALL_CLOCK_TIME, this::beat);
    }

    @Override
    public void process(Record<String, Received<E>> record) {
        next = context.recordMetadata().orElseThrow().offset() + 1;
        E event = record.value().event();
        Arrival arrival = new Arrival(record.key(), digest.apply(event));
        pulse.read(record.timestamp(), context.currentSystemTimeMs()).ifPresent(this::forward);
        context.forward(record.withKey(provenance.apply(event).getScan()).withValue(arrival));
    }

    private void beat(long now) {
        forward(pulse.beat(now, () -> lookahead.hasUnread(next)));
    }

    private void forward(Beat beat) {
        context.forward(new Record<>("", beat, beat.time()));
    }

    @Override
    public void close() {
        lookahead.close();
    }
}
