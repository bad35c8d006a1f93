package io.circuitstream.platform.settings;

import java.util.Map;
import java.util.Optional;

/** The Kafka properties that a service sets itself, with the reason why nobody else may. */
final class OwnedProperties {

    private static final String EXACTLY_ONCE = "exactly-once results depend on it";
    private static final String DEAD_LETTERS = "dead letters depend on it";
    private static final String CODE = "it belongs to the code";
    private static final String SIZE = "topics, services and the size check agree on it";

    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("processing.guarantee", EXACTLY_ONCE),
            Map.entry("isolation.level", EXACTLY_ONCE),
            Map.entry("transactional.id", EXACTLY_ONCE),
            Map.entry("enable.idempotence", EXACTLY_ONCE),
            Map.entry("enable.auto.commit", EXACTLY_ONCE),
            Map.entry("acks", EXACTLY_ONCE),
            Map.entry("max.poll.records", "a slow record must not take its neighbours' time"),
            Map.entry("max.poll.interval.ms", instead(CommonSettings.TRANSACTION_TIMEOUT)),
            Map.entry("transaction.timeout.ms", instead(CommonSettings.TRANSACTION_TIMEOUT)),
            Map.entry("commit.interval.ms", instead(CommonSettings.COMMIT_INTERVAL)),
            Map.entry("num.stream.threads", instead(CommonSettings.STREAM_THREADS)),
            Map.entry("bootstrap.servers", instead(CommonSettings.BOOTSTRAP_SERVERS)),
            Map.entry("state.dir", instead(CommonSettings.STATE_DIR)),
            Map.entry("application.id", instead(CommonSettings.APPLICATION_ID_PREFIX)),
            Map.entry("group.id", instead(CommonSettings.APPLICATION_ID_PREFIX)),
            Map.entry("group.instance.id", instead(CommonSettings.INSTANCE_ID)),
            Map.entry("schema.registry.url", instead(CommonSettings.REGISTRY_URL)),
            Map.entry("key.serializer", CODE),
            Map.entry("value.serializer", CODE),
            Map.entry("key.deserializer", CODE),
            Map.entry("value.deserializer", CODE),
            Map.entry("default.key.serde", CODE),
            Map.entry("default.value.serde", CODE),
            Map.entry("ensure.explicit.internal.resource.naming", CODE),
            Map.entry("processor.wrapper.class", CODE),
            Map.entry("errors.dead.letter.queue.topic.name", DEAD_LETTERS),
            Map.entry("processing.exception.handler", DEAD_LETTERS),
            Map.entry("deserialization.exception.handler", DEAD_LETTERS),
            Map.entry("default.deserialization.exception.handler", DEAD_LETTERS),
            Map.entry("production.exception.handler", DEAD_LETTERS),
            Map.entry("default.production.exception.handler", DEAD_LETTERS),
            Map.entry("max.request.size", SIZE),
            Map.entry("max.partition.fetch.bytes", SIZE));

    private OwnedProperties() {}

    /** Why nobody but the service may set the property, given without scope; empty when anybody may. */
    static Optional<String> reason(String property) {
        return Optional.ofNullable(REASONS.get(property));
    }

    private static String instead(Setting<?> setting) {
        return "set " + setting.key() + " instead";
    }
}
