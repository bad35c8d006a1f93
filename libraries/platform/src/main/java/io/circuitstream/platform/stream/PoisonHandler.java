package io.circuitstream.platform.stream;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;

/**
 * Makes a record that cannot be read a dead letter, with its original bytes; when the registry is away or refuses, the stream
 * thread ends instead. Instantiated by Kafka Streams.
 */
public final class PoisonHandler extends LogAndContinueExceptionHandler {

    private StageMetrics metrics;

    public PoisonHandler() {}

    @Override
    public void configure(Map<String, ?> configs) {
        super.configure(configs);
        metrics = StreamProperties.metrics(configs);
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        if (Fault.of(exception) != Fault.RECORD) {
            return Response.fail();
        }
        metrics.deadLetter();
        return super.handleError(context, record, exception);
    }
}
