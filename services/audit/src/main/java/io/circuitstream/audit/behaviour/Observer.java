package io.circuitstream.audit.behaviour;

import io.circuitstream.audit.behaviour.digest.Arrival;
import io.circuitstream.audit.behaviour.digest.Observation;
import io.circuitstream.events.Provenance;
import io.circuitstream.platform.serde.Received;
import java.util.function.Function;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Makes a digest of each event and addresses it to the owner of its scan, with the partition from which it was read. */
final class Observer<E> implements Processor<String, Received<E>, String, Arrival> {
    private final int stream;
    private final Function<E, Provenance> provenance;
    private final Function<E, Observation> digest;
    private ProcessorContext<String, Arrival> context;

    /** @param stream 0 or 1: partitions of the two input topics are different sources */
    Observer(int stream, Function<E, Provenance> provenance, Function<E, Observation> digest) {
        this.stream = stream;
        this.provenance = provenance;
        this.digest = digest;
    }

    @Override
    public void init(ProcessorContext<String, Arrival> context) {
        this.context = context;
    }

    @Override
    public void process(Record<String, Received<E>> record) {
        E event = record.value().event();
        int partition = context.recordMetadata().orElseThrow().partition();
        Arrival arrival = new Arrival(2 * partition + stream, record.key(), digest.apply(event));
        context.forward(record.withKey(provenance.apply(event).getScan()).withValue(arrival));
    }
}
