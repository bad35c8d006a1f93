package io.circuitstream.packaging.helm;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** A container's variables; those that come from elsewhere have the value {@code elsewhere}. */
record Environment(Map<String, String> values) {
    /** Beside our settings and Kafka's properties, which are checked by the code that reads them. */
    private static final Set<String> OTHERS = Set.of(
            "JDK_JAVA_OPTIONS",
            "LOG_LEVEL",
            "LOG_FORMAT",
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "MALLOC_MMAP_THRESHOLD_",
            "MALLOC_TRIM_THRESHOLD_",
            "MALLOC_TOP_PAD_",
            "MALLOC_ARENA_MAX");

    static Environment of(Container container) {
        Map<String, String> values = new LinkedHashMap<>();
        for (EnvVar variable : container.getEnv()) {
            String value = variable.getValueFrom() == null ? variable.getValue() : "elsewhere";
            if (values.put(variable.getName(), value) != null) {
                throw new AssertionError(container.getName() + " has " + variable.getName() + " twice");
            }
        }
        return new Environment(values);
    }

    /** Variables that nothing reads. */
    List<String> unknownNames() {
        return values.keySet().stream()
                .filter(name -> !name.startsWith("CIRCUITSTREAM_")
                        && !OTHERS.contains(name)
                        && !(name.startsWith("KAFKA_") && isKafkas(property(name))))
                .toList();
    }

    private static String property(String variable) {
        return variable.substring("KAFKA_".length())
                .toLowerCase(java.util.Locale.ROOT)
                .replace('_', '.');
    }

    private static boolean isKafkas(String property) {
        String name = property.replaceFirst("^(consumer|producer|admin|streams)\\.", "");
        return ConsumerConfig.configNames().contains(name)
                || ProducerConfig.configNames().contains(name)
                || AdminClientConfig.configNames().contains(name)
                || StreamsConfig.configDef().names().contains(name);
    }
}
