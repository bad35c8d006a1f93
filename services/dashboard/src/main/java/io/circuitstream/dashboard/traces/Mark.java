package io.circuitstream.dashboard.traces;

/**
 * Where and when a stage's result was written.
 *
 * @param at the record's time, epoch milliseconds
 * @param topic with prefix and version
 */
public record Mark(Stage stage, long at, String topic, int partition, long offset) {}
