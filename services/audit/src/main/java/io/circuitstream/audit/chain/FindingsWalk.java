package io.circuitstream.audit.chain;

import io.circuitstream.audit.chain.Problem.What;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows one chain from its start to the first place where it breaks, and says what happened there as far as the neighbours show it.
 * Someone who rewrites a finding and everything after it breaks nothing here: that shows in the checkpoints.
 */
final class FindingsWalk {
    private final String topic;
    private final int partition;
    private final List<ChainEntry> entries;
    /** In the order of the chain: the finding with sequence n is at n − 1. */
    private final List<ChainEntry> linked = new ArrayList<>();

    private final Set<String> hashes = new HashSet<>();
    private final Map<Long, Integer> lastWithSequence = new HashMap<>();
    private @Nullable Problem problem;

    private FindingsWalk(String topic, int partition, List<ChainEntry> entries) {
        this.topic = topic;
        this.partition = partition;
        this.entries = entries;
        for (int i = 0; i < entries.size(); i++) {
            lastWithSequence.put(entries.get(i).sequence(), i);
        }
    }

    static FindingsWalk of(String topic, int partition, List<ChainEntry> entries) {
        FindingsWalk walk = new FindingsWalk(topic, partition, entries);
        for (int i = 0; i < entries.size() && walk.problem == null; i++) {
            walk.step(i);
        }
        return walk;
    }

    @Nullable
    Problem problem() {
        return problem;
    }

    /** The findings up to the first break. */
    List<ChainEntry> linked() {
        return linked;
    }

    long lastOffset() {
        return linked.isEmpty() ? -1 : linked.get(linked.size() - 1).offset();
    }

    private void step(int i) {
        ChainEntry entry = entries.get(i);
        if (entry.unreadable() != null) {
            boolean extra = isLater(i, expected());
            stop(entry, expected(), extra ? What.INSERTED : What.ALTERED, "it is no finding: " + entry.unreadable());
        } else if (hashes.contains(entry.hash())) {
            stop(entry, entry.sequence(), What.INSERTED, "it repeats an earlier record");
        } else if (!entry.isSound()) {
            stop(entry, expected(), What.ALTERED, "its hash is not that of its content");
        } else if (entry.partition() != partition) {
            stop(
                    entry,
                    entry.sequence(),
                    What.INSERTED,
                    "it is of the chain of partition %d".formatted(entry.partition()));
        } else if (entry.follows(linked.size(), hash(linked.size()))) {
            linked.add(entry);
            hashes.add(entry.hash());
        } else {
            broken(i, entry);
        }
    }

    private void broken(int i, ChainEntry entry) {
        if (entry.sequence() > expected()) {
            gap(i, entry);
        } else if (entry.sequence() < expected()) {
            fork(i, entry);
        } else if (laterFollows(i, linked.size())) {
            stop(entry, entry.sequence(), What.INSERTED, "the chain goes on after it as if it were not there");
        } else if (linked.isEmpty()) {
            stop(entry, entry.sequence(), What.ALTERED, "the first finding names a previous hash");
        } else {
            ChainEntry rewritten = linked.get(linked.size() - 1);
            stop(
                    rewritten,
                    rewritten.sequence(),
                    What.ALTERED,
                    "the finding after it, at offset %d, was linked to other content".formatted(entry.offset()));
        }
    }

    /** Its place is further on: findings are missing before it, or it stands too early. */
    private void gap(int i, ChainEntry entry) {
        if (!isLater(i, expected())) {
            boolean next = i + 1 < entries.size() && entries.get(i + 1).sequence() == expected() + 1;
            if (next) {
                stop(entry, expected(), What.ALTERED, "it says sequence %d".formatted(entry.sequence()));
            } else {
                stop(
                        entry,
                        expected(),
                        What.REMOVED,
                        "sequence %d to %d are missing before it".formatted(expected(), entry.sequence() - 1));
            }
        } else if (lastWithSequence.getOrDefault(entry.sequence(), i) > i) {
            stop(entry, entry.sequence(), What.INSERTED, "its sequence comes again later, where it belongs");
        } else {
            stop(entry, entry.sequence(), What.REORDERED, "sequence %d comes after it".formatted(expected()));
        }
    }

    /** A second finding with a sequence that was there already; the one that the chain goes on from is the true one. */
    private void fork(int i, ChainEntry entry) {
        long before = entry.sequence() - 1;
        boolean sameOrigin = before >= 0 && entry.previous().equals(hash(before));
        boolean goesOn = entries.subList(i + 1, entries.size()).stream()
                .anyMatch(later -> later.follows(entry.sequence(), entry.hash()));
        if (sameOrigin && goesOn) {
            ChainEntry other = linked.get((int) before);
            stop(
                    other,
                    other.sequence(),
                    What.INSERTED,
                    "the chain goes on from another finding with this sequence, at offset %d"
                            .formatted(entry.offset()));
        } else {
            stop(entry, entry.sequence(), What.INSERTED, "there is a finding with this sequence before it");
        }
    }

    private long expected() {
        return linked.size() + 1L;
    }

    private String hash(long sequence) {
        return sequence == 0
                ? "00".repeat(ChainHash.BYTES)
                : linked.get((int) sequence - 1).hash();
    }

    private boolean isLater(int i, long sequence) {
        return lastWithSequence.getOrDefault(sequence, -1) > i;
    }

    private boolean laterFollows(int i, int before) {
        String hash = hash(before);
        return entries.subList(i + 1, entries.size()).stream().anyMatch(later -> later.follows(before, hash));
    }

    private void stop(ChainEntry entry, long sequence, What what, String detail) {
        problem = new Problem(topic, partition, entry.offset(), sequence, what, detail);
    }
}
