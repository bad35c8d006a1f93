package io.circuitstream.platform.stream;

import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Tells from Kafka's own metrics whether any consumer holds a connection. Kafka Streams itself stays RUNNING while
 * all brokers are away, and asking them would make the answer slow exactly then.
 */
final class BrokerContact {

    private BrokerContact() {}

    static boolean isAlive(Map<MetricName, ? extends Metric> metrics) {
        return metrics.entrySet().stream()
                .filter(entry -> entry.getKey().name().equals("connection-count")
                        && entry.getKey().group().equals("consumer-metrics"))
                .anyMatch(entry -> entry.getValue().metricValue() instanceof Number count && count.doubleValue() > 0);
    }
}
