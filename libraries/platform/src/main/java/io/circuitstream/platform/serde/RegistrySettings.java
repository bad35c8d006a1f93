package io.circuitstream.platform.serde;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * What Confluent's configuration keys say, with Confluent's names and meanings. A value that this serde cannot honour is
 * refused, not ignored.
 *
 * @param urls tried in this order, without credentials and trailing slashes
 * @param authorization the HTTP header, null for none
 * @param http over which it is called, of {@code schema.registry.ssl.*}
 */
record RegistrySettings(
        List<URI> urls,
        @Nullable String authorization,
        HttpClient http,
        boolean autoRegister,
        boolean useLatest,
        int maxRetries,
        Duration retryWait,
        Duration retryMaxWait,
        Duration readTimeout) {

    private static final String URL = "schema.registry.url";

    /** @throws ConfigException naming the key */
    static RegistrySettings of(Map<String, ?> configs) {
        Keys keys = new Keys(configs);
        if (!keys.flag("specific.avro.reader", true)) {
            throw new ConfigException("specific.avro.reader", "false", "this serde yields generated classes only");
        }
        for (String key : List.of("key.subject.name.strategy", "value.subject.name.strategy")) {
            String strategy = keys.text(key, "TopicNameStrategy");
            if (!strategy.equals("TopicNameStrategy") && !strategy.endsWith(".TopicNameStrategy")) {
                throw new ConfigException(key, strategy, "only TopicNameStrategy is supported");
            }
        }
        List<URI> given = urls(keys);
        return new RegistrySettings(
                given.stream().map(RegistrySettings::withoutUserInfo).toList(),
                authorization(keys, given.get(0)),
                RegistryHttp.client(configs),
                keys.flag("auto.register.schemas", true),
                keys.flag("use.latest.version", false),
                keys.number("max.retries", 3),
                Duration.ofMillis(keys.number("retries.wait.ms", 250)),
                Duration.ofMillis(keys.number("retries.max.wait.ms", 5_000)),
                Duration.ofMillis(keys.number("http.read.timeout.ms", 10_000)));
    }

    /** Without the credentials. */
    @Override
    public String toString() {
        return "RegistrySettings" + urls;
    }

    private static List<URI> urls(Keys keys) {
        List<URI> urls = new ArrayList<>();
        for (String text : keys.list(URL)) {
            String trimmed = text.replaceAll("/+$", "");
            try {
                URI url = URI.create(trimmed);
                if (url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                    urls.add(url);
                    continue;
                }
            } catch (IllegalArgumentException e) {
                // Same answer as for an address without a host. The value is not repeated: it may hold a password.
            }
            throw new ConfigException("schema.registry.url needs addresses like http://registry:8081, several"
                    + " separated by commas; entry " + (urls.size() + 1) + " is not one");
        }
        if (urls.isEmpty()) {
            throw new ConfigException("schema.registry.url is not set: it needs the registry's address");
        }
        return List.copyOf(urls);
    }

    private static @Nullable String authorization(Keys keys, URI first) {
        String token = keys.text("bearer.auth.token", "");
        if (!token.isEmpty()) {
            return "Bearer " + token;
        }
        String source = keys.text("basic.auth.credentials.source", "URL").toUpperCase(Locale.ROOT);
        String credentials =
                switch (source) {
                    case "URL" -> first.getUserInfo() == null ? "" : first.getUserInfo();
                    case "USER_INFO" -> keys.text("basic.auth.user.info", "");
                    default ->
                        throw new ConfigException(
                                "basic.auth.credentials.source", source, "only URL and USER_INFO are supported");
                };
        if (credentials.isEmpty()) {
            if (source.equals("USER_INFO")) {
                throw new ConfigException("basic.auth.user.info is not set, though basic.auth.credentials.source is"
                        + " USER_INFO: it needs user:password");
            }
            return null;
        }
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    private static URI withoutUserInfo(URI url) {
        String text = url.toString();
        return url.getRawUserInfo() == null ? url : URI.create(text.replaceFirst("//[^@/]*@", "//"));
    }

    /** Values of any type that Kafka's configuration passes on; a key may carry Confluent's prefix. */
    private record Keys(Map<String, ?> configs) {
        private @Nullable Object find(String key) {
            Object prefixed = configs.get("schema.registry." + key);
            return prefixed != null ? prefixed : configs.get(key);
        }

        String text(String key, String otherwise) {
            Object value = find(key);
            if (value instanceof Class<?> named) {
                return named.getName();
            }
            return value == null ? otherwise : value.toString().trim();
        }

        boolean flag(String key, boolean otherwise) {
            String text = text(key, String.valueOf(otherwise));
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new ConfigException(key, text, "must be true or false");
            };
        }

        int number(String key, int otherwise) {
            String text = text(key, String.valueOf(otherwise));
            try {
                int number = Integer.parseInt(text);
                if (number >= 0) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Same answer as for a negative number.
            }
            throw new ConfigException(key, text, "must be a whole number, not negative");
        }

        List<String> list(String key) {
            Object value = find(key);
            List<String> entries = new ArrayList<>();
            if (value instanceof Collection<?> several) {
                several.forEach(entry -> entries.add(String.valueOf(entry).trim()));
            } else if (value != null) {
                for (String entry : value.toString().split(",", -1)) {
                    if (!entry.isBlank()) {
                        entries.add(entry.trim());
                    }
                }
            }
            return entries;
        }
    }
}
