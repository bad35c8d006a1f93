package io.circuitstream.audit.chain;

import io.circuitstream.events.AuditCheckpoint;
import org.jspecify.annotations.Nullable;

/**
 * One record on the checkpoints topic.
 *
 * @param checkpoint null when the record is none
 */
public record CheckpointEntry(long offset, @Nullable AuditCheckpoint checkpoint) {}
