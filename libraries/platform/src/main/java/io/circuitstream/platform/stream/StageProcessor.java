package io.circuitstream.platform.stream;

import io.circuitstream.events.Status;
import io.circuitstream.platform.logging.LogKeys;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.topics.RecordLimits;
import io.circuitstream.platform.tracing.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a stage on each record and forwards exactly one result, or throws: what it throws goes to
 * {@link BugHandler}, which tells outages from bugs. A failure of an earlier stage is passed on with its message.
 */
final class StageProcessor<I extends SpecificRecord, O extends SpecificRecord>
        implements FixedKeyProcessor<String, Received<I>, O> {

    private static final Logger log = LoggerFactory.getLogger(StageProcessor.class);

    private final Stage<I, O> stage;
    private final ToIntFunction<O> size;
    private final Duration patience;
    private final ServiceContext service;
    private final Attempts attempts;
    private final LongSupplier nanos;
    private FixedKeyProcessorContext<String, O> context;

    /** @param size of a result in bytes, as it would be written */
    StageProcessor(
            Stage<I, O> stage, ToIntFunction<O> size, ServiceContext service, Attempts attempts, LongSupplier nanos) {
        this.stage = stage;
        this.size = size;
        this.service = service;
        this.attempts = attempts;
        this.nanos = nanos;
        this.patience =
                service.settings().get(CommonSettings.TRANSACTION_TIMEOUT).dividedBy(2);
    }

    @Override
    public void init(FixedKeyProcessorContext<String, O> context) {
        this.context = context;
    }

    @Override
    public void process(FixedKeyRecord<String, Received<I>> record) {
        String key = required(record.key(), "key");
        Received<I> input = required(record.value(), "value");
        RecordMetadata origin = context.recordMetadata().orElseThrow();
        Span span = span(key, origin, record.headers());
        try (Scope current = span.makeCurrent()) {
            process(record, key, input, origin);
        } catch (RuntimeException e) {
            // Not its message, which can repeat what is in the record.
            span.setStatus(StatusCode.ERROR, e.getClass().getName());
            throw e;
        } finally {
            span.end();
        }
    }

    /** Named and described by OpenTelemetry's conventions for messaging. */
    private Span span(String key, RecordMetadata origin, Headers headers) {
        Span span = service.tracing().start("process " + origin.topic(), SpanKind.CONSUMER, Tracing.read(headers));
        span.setAttribute("messaging.system", "kafka");
        span.setAttribute("messaging.operation.name", "process");
        span.setAttribute("messaging.operation.type", "process");
        span.setAttribute("messaging.destination.name", origin.topic());
        span.setAttribute("messaging.destination.partition.id", Integer.toString(origin.partition()));
        span.setAttribute("messaging.kafka.offset", origin.offset());
        span.setAttribute("messaging.consumer.group.name", service.applicationId());
        span.setAttribute("circuitstream.prompt.id", key);
        return span;
    }

    private void process(
            FixedKeyRecord<String, Received<I>> record, String key, Received<I> input, RecordMetadata origin) {
        ProgressReporter progress = new ProgressReporter(service.progress(), key, service.name(), nanos);
        TopicPartition partition = new TopicPartition(origin.topic(), origin.partition());
        O result = result(input, partition, origin.offset(), progress);
        Headers headers = ResultHeaders.of(service.applicationId(), key, input.sha256(), result);
        Tracing.write(headers);
        // Neither the input's time, which Kafka Streams would pass on, nor the context's, which is of before the
        // computing: how long each stage took is read off the records.
        context.forward(record.withValue(result)
                .withTimestamp(System.currentTimeMillis())
                .withHeaders(headers));
        finished(key, origin, result, progress);
    }

    private O result(Received<I> input, TopicPartition partition, long offset, ProgressReporter progress) {
        Optional<String> earlier = EventStatus.failure(input.event());
        if (earlier.isPresent()) {
            return stage.failed(input, earlier.get());
        }
        try {
            attempts.begin(partition, offset);
            return patiently(input, progress);
        } catch (RequestException e) {
            return stage.failed(input, e.reason());
        } catch (RuntimeException e) {
            if (Fault.of(e) != Fault.RECORD) {
                attempts.forgive(partition);
            } else {
                progress.failed("internal error: the record is in " + service.deadLetterTopic());
            }
            throw e;
        }
    }

    /**
     * Waits through an outage here, inside the open transaction, because a thread that gives up costs a session
     * time-out. Gives up after half the transaction's time.
     */
    private O patiently(Received<I> input, ProgressReporter progress) {
        while (true) {
            try {
                return fitting(input, computed(input, progress));
            } catch (RuntimeException e) {
                Optional<RetriableException> outage = Fault.cause(e, RetriableException.class);
                if (outage.isEmpty()
                        || progress.elapsed().compareTo(patience) > 0
                        || !Retry.await(service, outage.get())) {
                    throw e;
                }
            }
        }
    }

    private O computed(Received<I> input, ProgressReporter progress) {
        long start = nanos.getAsLong();
        O result = stage.process(input, progress);
        service.metrics().computed(Duration.ofNanos(nanos.getAsLong() - start));
        return result;
    }

    /** A record that is too large fails the whole transaction on sending, for ever; so it is measured before. */
    private O fitting(Received<I> input, O result) {
        int bytes = size.applyAsInt(result);
        if (bytes <= RecordLimits.MAX_VALUE_BYTES) {
            return result;
        }
        return stage.failed(input, RecordLimits.tooLarge(bytes));
    }

    private void finished(String key, RecordMetadata origin, O result, ProgressReporter progress) {
        Status status = EventStatus.of(result);
        Duration elapsed = progress.elapsed();
        EventStatus.failure(result).ifPresentOrElse(progress::failed, progress::completed);
        Span.current().setAttribute("circuitstream.status", status.name());
        service.metrics().finished(status, elapsed);
        service.outage().over();
        log.atInfo()
                .addKeyValue(LogKeys.PROMPT_ID, key)
                .addKeyValue(LogKeys.STAGE, service.name())
                .addKeyValue(LogKeys.TOPIC, origin.topic())
                .addKeyValue(LogKeys.PARTITION, origin.partition())
                .addKeyValue(LogKeys.OFFSET, origin.offset())
                .addKeyValue(LogKeys.ELAPSED_MS, elapsed.toMillis())
                .log("result {}", status);
    }

    private static <T> T required(T part, String name) {
        if (part == null) {
            throw new IllegalArgumentException("record without a " + name);
        }
        return part;
    }
}
