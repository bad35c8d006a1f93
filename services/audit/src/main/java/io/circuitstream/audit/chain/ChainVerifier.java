package io.circuitstream.audit.chain;

import io.circuitstream.audit.chain.Problem.What;
import io.circuitstream.events.AuditCheckpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies one chain against its checkpoints. A pure function of what was read: it needs no broker. It cannot see what happens to
 * findings after the last checkpoint as long as they still form a chain, nor anything that is signed with the true key.
 *
 * @param signedTopic name of the findings topic where it was signed: another one when these topics are copies
 * @param keys those that are trusted; more than one when the key was changed
 * @param maxAge how old the newest checkpoint may be; zero: as old as it likes
 */
public record ChainVerifier(
        String findingsTopic, String checkpointsTopic, String signedTopic, Set<VerifyingKey> keys, Duration maxAge) {

    /**
     * What holds of one partition.
     *
     * @param findings those that are linked up to the first problem
     * @param vouched sequence of the last finding that a genuine checkpoint agrees with
     * @param checkpoints those that are genuine up to the first problem
     * @param signedAt time of the newest genuine checkpoint; null when there is none
     * @param problems at most one of each topic, the findings' first
     */
    public record Verdict(
            int partition,
            long findings,
            long vouched,
            long checkpoints,
            @Nullable Instant signedAt,
            List<Problem> problems) {

        /** Whether nothing was found. */
        public boolean isGood() {
            return problems.isEmpty();
        }
    }

    public Verdict verify(int partition, List<ChainEntry> findings, List<CheckpointEntry> checkpoints, Instant now) {
        FindingsWalk chain = FindingsWalk.of(findingsTopic, partition, findings);
        CheckpointsWalk signatures = CheckpointsWalk.of(checkpointsTopic, signedTopic, partition, checkpoints, keys);
        Comparison comparison = compare(partition, chain, signatures);
        List<Problem> problems = new ArrayList<>();
        add(problems, comparison.problem != null ? comparison.problem : chain.problem());
        add(problems, signatures.problem() != null ? signatures.problem() : unsigned(partition, signatures, now));
        List<AuditCheckpoint> genuine = signatures.genuine();
        return new Verdict(
                partition,
                chain.linked().size(),
                comparison.vouched,
                genuine.size(),
                genuine.isEmpty() ? null : genuine.get(genuine.size() - 1).getTime(),
                List.copyOf(problems));
    }

    private static void add(List<Problem> problems, @Nullable Problem problem) {
        if (problem != null) {
            problems.add(problem);
        }
    }

    /** Chain against checkpoints, up to where the chain breaks. */
    private Comparison compare(int partition, FindingsWalk chain, CheckpointsWalk signatures) {
        Problem broken = chain.problem();
        long sound = broken == null
                ? chain.linked().size()
                : Math.max(0, Math.min(chain.linked().size(), broken.sequence() - 1));
        long vouched = 0;
        for (AuditCheckpoint checkpoint : signatures.genuine()) {
            long sequence = checkpoint.getSequence();
            if (sequence > sound) {
                return new Comparison(vouched, broken == null ? cutOff(partition, chain, checkpoint) : broken);
            }
            String hash = sequence == 0
                    ? "00".repeat(ChainHash.BYTES)
                    : chain.linked().get((int) sequence - 1).hash();
            if (!hash.equals(ChainHash.hex(checkpoint.getHash()))) {
                return new Comparison(vouched, rewritten(partition, chain, vouched, checkpoint));
            }
            vouched = sequence;
        }
        return new Comparison(vouched, null);
    }

    private Problem cutOff(int partition, FindingsWalk chain, AuditCheckpoint checkpoint) {
        return new Problem(
                findingsTopic,
                partition,
                chain.lastOffset(),
                chain.linked().size() + 1L,
                What.CUT_OFF,
                "checkpoint %d vouches for %d findings, there are %d"
                        .formatted(
                                checkpoint.getNumber(),
                                checkpoint.getSequence(),
                                chain.linked().size()));
    }

    private Problem rewritten(int partition, FindingsWalk chain, long vouched, AuditCheckpoint checkpoint) {
        long sequence = Math.min(vouched + 1, chain.linked().size());
        return new Problem(
                findingsTopic,
                partition,
                chain.linked().get((int) sequence - 1).offset(),
                sequence,
                What.ALTERED,
                "the chain was written anew from here or later: at sequence %d it is not what checkpoint %d vouches for"
                        .formatted(checkpoint.getSequence(), checkpoint.getNumber()));
    }

    private @Nullable Problem unsigned(int partition, CheckpointsWalk signatures, Instant now) {
        List<AuditCheckpoint> genuine = signatures.genuine();
        if (genuine.isEmpty()) {
            return new Problem(checkpointsTopic, partition, -1, 1, What.UNSIGNED, "there is no checkpoint");
        }
        Instant newest = genuine.get(genuine.size() - 1).getTime();
        if (maxAge.isZero() || newest.plus(maxAge).isAfter(now)) {
            return null;
        }
        return new Problem(
                checkpointsTopic,
                partition,
                signatures.lastOffset(),
                genuine.size() + 1L,
                What.UNSIGNED,
                "the newest checkpoint is of %s: the audit does not run, or the end was cut off".formatted(newest));
    }

    private record Comparison(long vouched, @Nullable Problem problem) {}
}
