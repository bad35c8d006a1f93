package io.circuitstream.audit.behaviour.digest;

/**
 * How far a source has been read, told to all owners at intervals by whoever reads it. A reader that stands still tells nothing: so
 * owners can tell a source without records from one that nobody reads.
 *
 * @param source one partition of one input topic
 * @param progress newest event time read; the time of the beat when nothing has come for long enough
 * @param time of the beat
 */
public record Beat(int source, long progress, long time) implements Message {}
