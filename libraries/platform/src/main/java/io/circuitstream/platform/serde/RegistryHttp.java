package io.circuitstream.platform.serde;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/**
 * The HTTP client for a registry, with what {@code schema.registry.ssl.*} says: Kafka's own keys for trust and key stores, as JKS,
 * PKCS12 or PEM, in files or in the values. Without such a key the JVM's trust store decides.
 */
final class RegistryHttp {
    private static final String PREFIX = "schema.registry.";

    /** One client for all serdes of the process with the same keys: each has a thread that lives until it is collected. */
    private static final Map<Map<String, Object>, HttpClient> CLIENTS = new ConcurrentHashMap<>();

    private RegistryHttp() {}

    /** @throws ConfigException naming the key, never its value */
    static HttpClient client(Map<String, ?> configs) {
        Map<String, Object> tls = new HashMap<>();
        configs.forEach((key, value) -> {
            if (key.startsWith(PREFIX + "ssl.")) {
                tls.put(key.substring(PREFIX.length()), value);
            }
        });
        return CLIENTS.computeIfAbsent(tls, RegistryHttp::build);
    }

    private static HttpClient build(Map<String, Object> tls) {
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5));
        if (!tls.isEmpty()) {
            builder.sslContext(context(tls));
        }
        return builder.build();
    }

    private static SSLContext context(Map<String, Object> tls) {
        ConfigDef known = new ConfigDef();
        SslConfigs.addClientSslSupport(known);
        for (String key : tls.keySet()) {
            if (!known.names().contains(key)) {
                throw new ConfigException(PREFIX + key + " is not a TLS setting of Kafka's clients");
            }
        }
        if (tls.getOrDefault(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG, "https")
                .toString()
                .isBlank()) {
            throw new ConfigException(PREFIX + SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG
                    + " is empty: the registry's host name is always verified");
        }
        try (DefaultSslEngineFactory factory = new DefaultSslEngineFactory()) {
            factory.configure(known.parse(tls));
            return factory.sslContext();
        } catch (KafkaException e) {
            throw new ConfigException(PREFIX + "ssl.*: " + e.getMessage());
        }
    }
}
