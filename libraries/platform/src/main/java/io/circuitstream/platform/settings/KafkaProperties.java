package io.circuitstream.platform.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Kafka properties that an operator set: {@code KAFKA_SECURITY_PROTOCOL} goes to every client,
 * {@code KAFKA_PRODUCER_LINGER_MS} to producers; {@code CONSUMER}, {@code ADMIN} and {@code STREAMS} likewise.
 * Properties that a service owns are refused, because a silent overwrite would leave the operator believing in them.
 */
public final class KafkaProperties {

    static final String PREFIX = "kafka.";
    private static final String STREAMS_PREFIX = "streams.";
    private static final List<String> SCOPES = List.of(
            StreamsConfig.MAIN_CONSUMER_PREFIX,
            StreamsConfig.RESTORE_CONSUMER_PREFIX,
            StreamsConfig.GLOBAL_CONSUMER_PREFIX,
            StreamsConfig.CONSUMER_PREFIX,
            StreamsConfig.PRODUCER_PREFIX,
            StreamsConfig.ADMIN_CLIENT_PREFIX,
            StreamsConfig.TOPIC_PREFIX,
            STREAMS_PREFIX);
    private static final Pattern SECRET =
            Pattern.compile(".*(password|secret|jaas|token|credential|keystore\\.key|user\\.info).*");

    private final Map<String, Entry> entries;

    private KafkaProperties(Map<String, Entry> entries) {
        this.entries = entries;
    }

    static KafkaProperties of(Collection<Entry> entries, List<String> problems) {
        Map<String, Entry> accepted = new TreeMap<>();
        for (Entry entry : entries) {
            String property = entry.key().substring(PREFIX.length());
            OwnedProperties.reason(withoutScope(property))
                    .ifPresentOrElse(
                            reason -> problems.add(entry.spelling() + " ("
                                    + entry.origin().description() + ") sets " + withoutScope(property)
                                    + ", which the service owns: " + reason),
                            () -> accepted.put(property, entry));
        }
        return new KafkaProperties(accepted);
    }

    /** For Kafka Streams, which understands the scopes {@code producer.}, {@code consumer.} and {@code admin.} itself. */
    public Map<String, String> streams() {
        Map<String, String> properties = new LinkedHashMap<>();
        entries.forEach((property, entry) -> properties.put(
                property.startsWith(STREAMS_PREFIX) ? property.substring(STREAMS_PREFIX.length()) : property,
                entry.value()));
        return properties;
    }

    /** For a producer of our own: the properties of every client, overridden by those for producers. */
    public Map<String, String> producer() {
        return client(StreamsConfig.PRODUCER_PREFIX);
    }

    /** For a consumer of our own. */
    public Map<String, String> consumer() {
        return client(StreamsConfig.CONSUMER_PREFIX);
    }

    /** For an admin client of our own. */
    public Map<String, String> admin() {
        return client(StreamsConfig.ADMIN_CLIENT_PREFIX);
    }

    private Map<String, String> client(String scope) {
        Map<String, String> properties = new LinkedHashMap<>();
        entries.forEach((property, entry) -> {
            if (SCOPES.stream().noneMatch(property::startsWith)) {
                properties.put(property, entry.value());
            }
        });
        entries.forEach((property, entry) -> {
            if (property.startsWith(scope)) {
                properties.put(property.substring(scope.length()), entry.value());
            }
        });
        return properties;
    }

    List<String> describe(String mask) {
        List<String> lines = new ArrayList<>();
        entries.forEach((property, entry) -> lines.add(PREFIX + property + " = "
                + (SECRET.matcher(property.toLowerCase(Locale.ROOT)).matches() ? mask : entry.value()) + " ("
                + entry.origin().description() + ")"));
        return lines;
    }

    private static String withoutScope(String property) {
        return SCOPES.stream()
                .filter(property::startsWith)
                .findFirst()
                .map(scope -> property.substring(scope.length()))
                .orElse(property);
    }
}
