package io.circuitstream.platform.health;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Set;

/** The registry in which a process counts. */
public final class Meters {

    /** Of the 257 families that Kafka Streams offers, those that an alert or a dashboard of ours uses. */
    static final Set<String> OF_KAFKA = Set.of(
            "kafka.consumer.connection.count",
            "kafka.consumer.coordinator.rebalance.total",
            "kafka.consumer.fetch.manager.records.consumed.total",
            "kafka.consumer.fetch.manager.records.lag",
            "kafka.consumer.fetch.manager.records.lag.max",
            "kafka.producer.record.error.total",
            "kafka.producer.record.send.total",
            "kafka.producer.record.size.max",
            "kafka.producer.request.latency.avg",
            "kafka.stream.alive.stream.threads",
            "kafka.stream.failed.stream.threads",
            "kafka.stream.thread.commit.latency.avg",
            "kafka.stream.thread.process.latency.avg",
            "kafka.stream.thread.process.total",
            "kafka.stream.task.dropped.records.total");

    private Meters() {}

    /** A new registry with the JVM's memory, threads, processor and descriptors. */
    public static PrometheusMeterRegistry registry() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().meterFilter(MeterFilter.deny(Meters::isNoise));
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        return registry;
    }

    private static boolean isNoise(Meter.Id id) {
        return id.getName().startsWith("kafka.") && !OF_KAFKA.contains(id.getName());
    }
}
