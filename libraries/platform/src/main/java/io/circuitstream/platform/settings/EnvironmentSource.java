package io.circuitstream.platform.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code CIRCUITSTREAM_*} and {@code KAFKA_*} variables. */
final class EnvironmentSource {

    static final String CONFIG_VARIABLE = "CIRCUITSTREAM_CONFIG";

    /** Variables of Kafka's own scripts and images: the apache/kafka image leaves these out as well. */
    private static final Set<String> OF_KAFKA_SCRIPTS = Set.of(
            "KAFKA_VERSION",
            "KAFKA_HOME",
            "KAFKA_OPTS",
            "KAFKA_HEAP_OPTS",
            "KAFKA_LOG4J_OPTS",
            "KAFKA_JMX_OPTS",
            "KAFKA_JMX_HOSTNAME",
            "KAFKA_JVM_PERFORMANCE_OPTS",
            "KAFKA_GC_LOG_OPTS",
            "KAFKA_LOG4J_ROOT_LOGLEVEL",
            "KAFKA_LOG4J_LOGGERS",
            "KAFKA_TOOLS_LOG4J_LOGLEVEL");

    /** What Kubernetes adds to every container for a Service called {@code kafka} or {@code circuitstream-…}. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile(".*_SERVICE_HOST|.*_SERVICE_PORT(_.*)?|.*_PORT_\\d+_(TCP|UDP|SCTP)(_.*)?");

    private static final Pattern SERVICE_LINK_VALUE = Pattern.compile("(tcp|udp|sctp)://.*");

    private EnvironmentSource() {}

    static List<Entry> read(Map<String, String> environment) {
        List<Entry> entries = new ArrayList<>();
        environment.forEach((name, value) -> {
            if (name.equals(CONFIG_VARIABLE) || OF_KAFKA_SCRIPTS.contains(name) || isServiceLink(name, value)) {
                return;
            }
            if (name.startsWith("CIRCUITSTREAM_")) {
                String key = name.toLowerCase(Locale.ROOT).replace('_', '.');
                entries.add(new Entry(key, name, value, Origin.environment(name)));
            } else if (name.startsWith("KAFKA_")) {
                entries.add(new Entry("kafka." + kafkaProperty(name), name, value, Origin.environment(name)));
            }
        });
        return entries;
    }

    /** The apache/kafka image's mapping: {@code ___} is a dash, {@code __} an underscore, {@code _} a dot. */
    static String kafkaProperty(String variable) {
        return variable.substring("KAFKA_".length())
                .toLowerCase(Locale.ROOT)
                .replace("___", "-")
                .replace("__", "\0")
                .replace('_', '.')
                .replace('\0', '_');
    }

    private static boolean isServiceLink(String name, String value) {
        return SERVICE_LINK.matcher(name).matches()
                || (name.endsWith("_PORT") && SERVICE_LINK_VALUE.matcher(value).matches());
    }
}
