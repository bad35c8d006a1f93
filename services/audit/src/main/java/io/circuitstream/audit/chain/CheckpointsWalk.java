package io.circuitstream.audit.chain;

import io.circuitstream.audit.chain.Problem.What;
import io.circuitstream.events.AuditCheckpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Follows the checkpoints of one chain to the first that does not hold by itself; those before it are genuine and complete. */
final class CheckpointsWalk {
    private final String topic;
    private final String signedTopic;
    private final int partition;
    private final Map<String, VerifyingKey> trusted = new HashMap<>();
    private final List<AuditCheckpoint> genuine = new ArrayList<>();
    private long offset = -1;
    private @Nullable Problem problem;

    private CheckpointsWalk(String topic, String signedTopic, int partition, Set<VerifyingKey> keys) {
        this.topic = topic;
        this.signedTopic = signedTopic;
        this.partition = partition;
        keys.forEach(key -> trusted.put(key.fingerprint(), key));
    }

    static CheckpointsWalk of(
            String topic, String signedTopic, int partition, List<CheckpointEntry> entries, Set<VerifyingKey> keys) {
        CheckpointsWalk walk = new CheckpointsWalk(topic, signedTopic, partition, keys);
        Set<Long> ahead = new HashSet<>();
        entries.forEach(entry ->
                Optional.ofNullable(entry.checkpoint()).ifPresent(checkpoint -> ahead.add(checkpoint.getNumber())));
        for (CheckpointEntry entry : entries) {
            walk.step(entry, ahead);
            if (walk.problem != null) {
                break;
            }
        }
        return walk;
    }

    @Nullable
    Problem problem() {
        return problem;
    }

    List<AuditCheckpoint> genuine() {
        return genuine;
    }

    long lastOffset() {
        return offset;
    }

    private void step(CheckpointEntry entry, Set<Long> numbers) {
        long expected = genuine.size() + 1L;
        AuditCheckpoint checkpoint = entry.checkpoint();
        if (checkpoint == null) {
            stop(entry, expected, What.ALTERED, "it is no checkpoint");
            return;
        }
        long number = checkpoint.getNumber();
        VerifyingKey key = trusted.get(checkpoint.getKeyFingerprint());
        if (key == null) {
            stop(entry, number, What.FOREIGN_KEY, "it is signed by key " + checkpoint.getKeyFingerprint());
        } else if (!Checkpoints.isSignedBy(key, checkpoint)) {
            stop(entry, number, What.BAD_SIGNATURE, "its signature is not of its content");
        } else if (checkpoint.getPartition() != partition
                || !checkpoint.getFindingsTopic().equals(signedTopic)) {
            stop(
                    entry,
                    number,
                    What.INSERTED,
                    "it is of %s, partition %d".formatted(checkpoint.getFindingsTopic(), checkpoint.getPartition()));
        } else if (number < expected) {
            stop(entry, number, What.INSERTED, "it repeats an earlier checkpoint");
        } else if (number > expected && numbers.contains(expected)) {
            stop(entry, number, What.REORDERED, "checkpoint %d comes after it".formatted(expected));
        } else if (number > expected) {
            stop(
                    entry,
                    expected,
                    What.REMOVED,
                    "checkpoints %d to %d are missing before it".formatted(expected, number - 1));
        } else {
            genuine.add(checkpoint);
            offset = entry.offset();
        }
    }

    private void stop(CheckpointEntry entry, long number, What what, String detail) {
        problem = new Problem(topic, partition, entry.offset(), number, what, detail);
    }
}
