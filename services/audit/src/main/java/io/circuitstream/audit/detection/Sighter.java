package io.circuitstream.audit.detection;

import io.circuitstream.audit.AuditMetrics;
import io.circuitstream.audit.rules.Rule.Stage;
import io.circuitstream.platform.serde.Received;
import java.util.function.Function;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Notes that an event was read, and counts those that are older than one read before from the same partition. */
final class Sighter<T> extends ContextualProcessor<String, Received<T>, String, Sighting> {
    private final @Nullable Stage stage;
    private final Function<T, String> tenant;
    private final AuditMetrics metrics;
    private long newest = Long.MIN_VALUE;

    Sighter(@Nullable Stage stage, Function<T, String> tenant, AuditMetrics metrics) {
        this.stage = stage;
        this.tenant = tenant;
        this.metrics = metrics;
    }

    @Override
    public void process(Record<String, Received<T>> record) {
        if (record.timestamp() < newest) {
            metrics.outOfOrder(stage);
        }
        newest = Math.max(newest, record.timestamp());
        Origin origin = Origin.of(
                context().recordMetadata().orElseThrow(), record.value().sha256(), record.timestamp());
        context()
                .forward(record.withValue(
                        new Sighting(stage, tenant.apply(record.value().event()), origin)));
    }
}
