package io.circuitstream.platform.stream;

import io.circuitstream.platform.serde.EventDigest;
import io.circuitstream.platform.tracing.Tracing;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/** Gives events that no stage makes the headers of a result, with the event's own digest in their id. */
final class HeaderProcessor<V extends SpecificRecord> implements FixedKeyProcessor<String, V, V> {
    private final String source;
    private FixedKeyProcessorContext<String, V> context;

    HeaderProcessor(String source) {
        this.source = source;
    }

    @Override
    public void init(FixedKeyProcessorContext<String, V> context) {
        this.context = context;
    }

    @Override
    public void process(FixedKeyRecord<String, V> record) {
        V event = record.value();
        RecordHeaders headers = ResultHeaders.of(source, record.key(), EventDigest.sha256(event), event);
        Tracing.pass(record.headers(), headers);
        context.forward(record.withHeaders(headers));
    }
}
