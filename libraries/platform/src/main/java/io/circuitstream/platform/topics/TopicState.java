package io.circuitstream.platform.topics;

import java.util.Map;

/** How a topic is, with its whole effective configuration. */
public record TopicState(int partitions, int replication, Map<String, String> configs) {}
