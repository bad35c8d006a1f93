package io.circuitstream.platform.stream;

import java.util.Map;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Makes the record on which a stage failed a dead letter, with its original bytes; an outage or a refusal ends the stream thread
 * instead, which takes the transaction back. Instantiated by Kafka Streams.
 */
public final class BugHandler extends LogAndContinueProcessingExceptionHandler {

    private StageMetrics metrics;

    public BugHandler() {}

    @Override
    public void configure(Map<String, ?> configs) {
        super.configure(configs);
        metrics = StreamProperties.metrics(configs);
    }

    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        if (Fault.of(exception) != Fault.RECORD) {
            return Response.fail();
        }
        metrics.deadLetter();
        return super.handleError(context, record, exception);
    }
}
