package io.circuitstream.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** The settings of the one combined broker and controller. */
final class BrokerProperties {
    /** Part of every log and of meta.properties: a folder can only be started again with the id it was made with. */
    static final int NODE_ID = 1;

    static final String CONTROLLER_LISTENER = "CONTROLLER";

    /** Graphs are large: 17 MiB, the same as {@code max.message.bytes} of the topics. */
    static final int MAX_MESSAGE_BYTES = 17 * 1024 * 1024;

    private static final Map<String, String> FIXED = Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", String.valueOf(NODE_ID)),
            Map.entry("controller.listener.names", CONTROLLER_LISTENER),
            Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
            Map.entry("auto.create.topics.enable", "false"));

    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            // One node: nothing can be replicated.
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            // Each internal partition costs files and start-up time.
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("transaction.state.log.num.partitions", "4"),
            Map.entry("share.coordinator.state.topic.num.partitions", "4"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            // After a crash the controller waits for the old session to end before it lets the broker in again: 9 s by
            // default, which makes a restart take 14 s instead of 5.
            Map.entry("broker.session.timeout.ms", "1500"),
            Map.entry("broker.heartbeat.interval.ms", "300"),
            Map.entry("message.max.bytes", String.valueOf(MAX_MESSAGE_BYTES)),
            Map.entry("replica.fetch.max.bytes", String.valueOf(MAX_MESSAGE_BYTES)),
            // 128 MiB of heap by default.
            Map.entry("log.cleaner.dedupe.buffer.size", String.valueOf(4 * 1024 * 1024)),
            Map.entry("num.network.threads", "2"),
            Map.entry("num.io.threads", "4"));

    private BrokerProperties() {}

    /**
     * @param overrides replace the defaults
     * @throws IllegalArgumentException if they name identity, listeners or folder
     */
    static Properties of(Path logs, Ports ports, Map<String, String> overrides) {
        Properties owned = owned(logs, ports);
        for (String key : overrides.keySet()) {
            if (owned.containsKey(key)) {
                throw new IllegalArgumentException(key + " is the embedded broker's own and cannot be set");
            }
        }
        Properties properties = new Properties();
        properties.putAll(DEFAULTS);
        properties.putAll(overrides);
        properties.putAll(owned);
        return properties;
    }

    private static Properties owned(Path logs, Ports ports) {
        Properties properties = new Properties();
        properties.putAll(FIXED);
        String broker = "PLAINTEXT://127.0.0.1:" + ports.broker();
        properties.put("listeners", broker + "," + CONTROLLER_LISTENER + "://127.0.0.1:" + ports.controller());
        properties.put("advertised.listeners", broker);
        properties.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + ports.controller());
        properties.put("log.dirs", logs.toString());
        return properties;
    }
}
