package io.circuitstream.platform.settings;

/**
 * A value as one source has it, before anything is known about its key.
 *
 * @param key {@code circuitstream.x.y} or {@code kafka.x.y}
 * @param spelling the key as the source spells it, for messages
 */
record Entry(String key, String spelling, String value, Origin origin) {}
