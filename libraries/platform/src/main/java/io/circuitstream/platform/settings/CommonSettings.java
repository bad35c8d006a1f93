package io.circuitstream.platform.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The settings that every service has. */
public final class CommonSettings {

    public static final Setting<String> BOOTSTRAP_SERVERS = Setting.text(
                    "circuitstream.kafka.bootstrap.servers", "Brokers to connect to first, host:port, comma-separated.")
            .withDefault("localhost:9092");

    public static final Setting<String> REGISTRY_URL = Setting.text(
                    "circuitstream.schema.registry.url",
                    "Schema registry (Confluent's REST API), comma-separated when there are several.")
            .withDefault("http://localhost:8081");

    public static final Setting<String> REGISTRY_USER_INFO = Setting.text(
                    "circuitstream.schema.registry.user.info", "user:password for the schema registry's basic auth.")
            .optional()
            .secret();

    public static final Setting<String> REGISTRY_BEARER_TOKEN = Setting.text(
                    "circuitstream.schema.registry.bearer.token", "Token for the schema registry's bearer auth.")
            .optional()
            .secret();

    public static final Setting<String> SERDE_CLASS = Setting.text(
                    "circuitstream.serde.class",
                    "Serde of the events, for example io.confluent.kafka.streams.serdes.avro.SpecificAvroSerde.")
            .withDefault("io.circuitstream.platform.serde.AvroSerde");

    public static final Setting<String> TOPIC_PREFIX = Setting.text(
                    "circuitstream.topic.prefix", "First part of every topic's name: tells deployments apart.")
            .where(value -> value.matches("[A-Za-z0-9._-]{1,100}"), "1 to 100 letters, digits, dots, dashes or _")
            .withDefault("circuitstream");

    public static final Setting<String> APPLICATION_ID_PREFIX = Setting.text(
                    "circuitstream.application.id.prefix",
                    "First part of every consumer group's name, <prefix>-<service>. Another prefix starts from the"
                            + " oldest record again.")
            .where(value -> value.matches("[A-Za-z0-9._-]{1,100}"), "1 to 100 letters, digits, dots, dashes or _")
            .withDefault("circuitstream");

    public static final Setting<String> INSTANCE_ID = Setting.text(
                    "circuitstream.instance.id",
                    "Name of this instance that survives a restart (static membership): its partitions wait for it"
                            + " instead of moving to a peer.")
            .optional();

    public static final Setting<Path> STATE_DIR = Setting.path(
                    "circuitstream.state.dir", "Folder of Kafka Streams' local state; may be lost, is restored.")
            .withDefault("state");

    public static final Setting<Boolean> STATE_MAY_BE_EMPTY = Setting.flag(
                    "circuitstream.state.may.be.empty",
                    "Start although changelog topics are missing: a store that this version adds begins empty, and one"
                            + " whose topic was deleted too.")
            .withDefault("false");

    public static final Setting<String> HTTP_HOST = Setting.text(
                    "circuitstream.http.host", "Address of /livez, /readyz and /metrics.")
            .withDefault("127.0.0.1");

    public static final Setting<Integer> HTTP_PORT = Setting.integer(
                    "circuitstream.http.port", 0, 65_535, "Port of /livez, /readyz and /metrics; 0: none.")
            .withDefault("0");

    public static final Setting<Integer> STREAM_THREADS = Setting.integer(
                    "circuitstream.stream.threads", 1, 256, "Records that one instance works on at the same time.")
            .withDefault("1");

    /** At most the broker's own limit (transaction.max.timeout.ms, 15 minutes unless changed). */
    public static final Setting<Duration> TRANSACTION_TIMEOUT = Setting.duration(
                    "circuitstream.transaction.timeout",
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(15),
                    "The longest that one record may take. After a crash readers may wait this long.")
            .withDefault("10m");

    public static final Setting<Integer> MAX_ATTEMPTS = Setting.integer(
                    "circuitstream.max.attempts",
                    1,
                    1_000,
                    "A record at which the process ended so often becomes a dead letter.")
            .withDefault("5");

    public static final Setting<Duration> COMMIT_INTERVAL = Setting.duration(
                    "circuitstream.commit.interval",
                    Duration.ofMillis(1),
                    Duration.ofMinutes(1),
                    "How long a finished result may wait to become visible.")
            .withDefault("10ms");

    public static final Setting<Duration> STARTUP_TIMEOUT = Setting.duration(
                    "circuitstream.startup.timeout",
                    Duration.ofSeconds(1),
                    Duration.ofHours(1),
                    "How long a start waits for brokers that are away before it gives up.")
            .withDefault("2m");

    public static final Setting<Duration> SHUTDOWN_TIMEOUT = Setting.duration(
                    "circuitstream.shutdown.timeout",
                    Duration.ofSeconds(1),
                    Duration.ofHours(1),
                    "How long a stop waits for the record in work.")
            .withDefault("25s");

    public static final Setting<Integer> TOPIC_PARTITIONS = Setting.integer(
                    "circuitstream.topic.partitions", 1, 10_000, "Partitions of every topic that is made or grown.")
            .withDefault("4");

    public static final Setting<Integer> TOPIC_REPLICATION = Setting.integer(
                    "circuitstream.topic.replication",
                    -1,
                    100,
                    "Replicas of every topic that is made; -1: the broker's default.")
            .where(value -> value != 0, "-1 or an integer from 1 to 100")
            .withDefault("-1");

    private static final List<Setting<?>> ALL = List.of(
            BOOTSTRAP_SERVERS,
            REGISTRY_URL,
            REGISTRY_USER_INFO,
            REGISTRY_BEARER_TOKEN,
            SERDE_CLASS,
            TOPIC_PREFIX,
            APPLICATION_ID_PREFIX,
            INSTANCE_ID,
            STATE_DIR,
            STATE_MAY_BE_EMPTY,
            HTTP_HOST,
            HTTP_PORT,
            STREAM_THREADS,
            TRANSACTION_TIMEOUT,
            MAX_ATTEMPTS,
            COMMIT_INTERVAL,
            STARTUP_TIMEOUT,
            SHUTDOWN_TIMEOUT,
            TOPIC_PARTITIONS,
            TOPIC_REPLICATION);

    private CommonSettings() {}

    public static List<Setting<?>> all() {
        return ALL;
    }
}
