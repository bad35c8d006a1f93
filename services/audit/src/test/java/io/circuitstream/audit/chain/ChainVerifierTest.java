package io.circuitstream.audit.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.audit.Candidates;
import io.circuitstream.audit.chain.Problem.What;
import io.circuitstream.events.AuditCheckpoint;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.events.Severity;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each thing that someone with write access can do to a chain is found and named, at its first place (scenario A1). */
class ChainVerifierTest {
    private static final int COUNT = 10;

    @TempDir
    static Path folder;

    private static SigningKey key;
    private static SigningKey foreign;
    private Chain chain;

    @BeforeAll
    static void keys() {
        key = SigningKey.generate(folder.resolve("key.pem"), folder.resolve("key.pub.pem"));
        foreign = SigningKey.generate(folder.resolve("other.pem"), folder.resolve("other.pub.pem"));
    }

    @BeforeEach
    void chain() {
        chain = Chain.of(COUNT, key);
    }

    @Test
    void shouldFindNothingWhenNothingWasDone() {
        ChainVerifier.Verdict verdict = verify();

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.findings()).isEqualTo(COUNT);
        assertThat(verdict.vouched()).isEqualTo(COUNT);
        assertThat(verdict.checkpoints()).isEqualTo(4);
    }

    @Test
    void shouldFindNothingWhenAChainHasOnlyItsFirstCheckpoint() {
        chain = Chain.of(0, key);

        assertThat(verify().problems()).isEmpty();
    }

    @Test
    void shouldNameTheRecordWhenItsContentIsAltered() {
        for (int i = 0; i < COUNT; i++) {
            chain = Chain.of(COUNT, key);
            chain.findings.get(i).setSeverity(Severity.INFO);

            assertThat(theProblem()).isEqualTo(problem(i, i + 1, What.ALTERED));
        }
    }

    @Test
    void shouldNameTheRecordWhenItIsAlteredAndHashedAnew() {
        for (int i = 0; i < COUNT; i++) {
            chain = Chain.of(COUNT, key);
            chain.findings.get(i).setMessage("all is well");
            Chain.rehash(chain.findings.get(i));

            Place found = theProblem();
            assertThat(found.what).isEqualTo(What.ALTERED);
            // The last one has no successor: the checkpoint shows it, which vouches for the ninth and the tenth.
            assertThat(found.offset).isEqualTo(i == COUNT - 1 ? 8 : i);
        }
    }

    @Test
    void shouldNameTheFirstOneThatNoCheckpointVouchesForWhenEverythingAfterItIsLinkedAnew() {
        chain.findings.get(5).setMessage("all is well");
        chain.relink(5);

        assertThat(theProblem()).isEqualTo(problem(4, 5, What.ALTERED));
        assertThat(verify().vouched()).isEqualTo(4);
    }

    @Test
    void shouldNameThePlaceWhenFindingsAreRemoved() {
        for (int i = 0; i < COUNT - 1; i++) {
            chain = Chain.of(COUNT, key);
            chain.findings.remove(i);

            assertThat(theProblem()).isEqualTo(problem(i, i + 1, What.REMOVED));
        }
        chain = Chain.of(COUNT, key);
        chain.findings.subList(2, 7).clear();

        assertThat(theProblem()).isEqualTo(problem(2, 3, What.REMOVED));
    }

    @Test
    void shouldFindItWhenAFindingIsRemovedAndTheRestLinkedAnew() {
        chain.findings.remove(2);
        chain.relink(2);

        assertThat(theProblem()).isEqualTo(problem(0, 1, What.ALTERED));
    }

    @Test
    void shouldNameTheRecordWhenAForgedOneIsInserted() {
        for (int i = 0; i < COUNT; i++) {
            chain = Chain.of(COUNT, key);
            AuditFinding forged = Candidates.numbered(99).finding();
            byte[] previous = i == 0
                    ? ChainHash.start()
                    : ChainHash.bytes(chain.findings.get(i - 1).getHash());
            Chain.link(forged, i + 1L, previous);
            chain.findings.add(i, forged);

            Place found = theProblem();
            assertThat(found.what).as("at %d", i).isIn(What.INSERTED, What.ALTERED);
            assertThat(found.offset).isIn((long) i, i + 1L);
            if (i < COUNT - 1) {
                assertThat(found).isEqualTo(problem(i, i + 1, What.INSERTED));
            }
        }
    }

    @Test
    void shouldNameTheRecordWhenAnInsertedOneDoesNotFit() {
        AuditFinding forged = Candidates.numbered(99).finding();
        Chain.link(forged, 4, new byte[32]);
        chain.findings.add(3, forged);

        assertThat(theProblem()).isEqualTo(problem(3, 4, What.INSERTED));
    }

    @Test
    void shouldNameTheCopyWhenARecordIsThereTwice() {
        for (int i = 0; i < COUNT; i++) {
            chain = Chain.of(COUNT, key);
            chain.findings.add(i + 1, chain.findings.get(i));

            assertThat(theProblem()).isEqualTo(problem(i + 1, i + 1, What.INSERTED));
        }
    }

    @Test
    void shouldNameTheRecordWhenItIsOfAnotherChain() {
        chain.findings.forEach(finding -> finding.setPartition(3));
        byte[] previous = ChainHash.start();
        for (AuditFinding finding : chain.findings) {
            finding.setPreviousHash(ByteBuffer.wrap(previous));
            Chain.rehash(finding);
            previous = ChainHash.bytes(finding.getHash());
        }

        assertThat(theProblem()).isEqualTo(problem(0, 1, What.INSERTED));
    }

    @Test
    void shouldNameTheFirstOneThatStandsTooEarlyWhenFindingsAreReordered() {
        for (int i = 0; i < COUNT - 1; i++) {
            chain = Chain.of(COUNT, key);
            Collections.swap(chain.findings, i, i + 1);

            assertThat(theProblem()).isEqualTo(problem(i, i + 2, What.REORDERED));
        }
    }

    @Test
    void shouldNameTheFirstMissingOneWhenTheEndIsCutOff() {
        for (int left = 0; left < COUNT; left++) {
            chain = Chain.of(COUNT, key);
            chain.findings.subList(left, COUNT).clear();

            assertThat(theProblem()).isEqualTo(problem(left - 1, left + 1, What.CUT_OFF));
        }
    }

    @Test
    void shouldMissTheEndWhenItsCheckpointsAreCutOffTooUntilTheNextOneIsDue() {
        chain.findings.subList(4, COUNT).clear();
        chain.checkpoints.subList(2, 4).clear();

        assertThat(verify().problems()).isEmpty();
        Instant later = Chain.SIGNED.plus(Duration.ofMinutes(11));
        assertThat(verify(later).problems()).singleElement().satisfies(problem -> assertThat(problem.what())
                .isEqualTo(What.UNSIGNED));
    }

    @Test
    void shouldFindItWhenThereIsNoCheckpoint() {
        chain.checkpoints.clear();

        assertThat(verify().problems()).singleElement().satisfies(problem -> assertThat(problem.what())
                .isEqualTo(What.UNSIGNED));
    }

    @Test
    void shouldNameTheCheckpointWhenAnotherKeySignedIt() {
        chain.findings.get(9).setMessage("all is well");
        Chain.rehash(chain.findings.get(9));
        ChainState state = new ChainState(
                COUNT, ChainHash.bytes(chain.findings.get(9).getHash()), 4, COUNT, Chain.SIGNED.toEpochMilli(), 0);
        chain.checkpoints.set(3, Checkpoints.sign(foreign, Chain.FINDINGS, Chain.PARTITION, state));

        assertThat(verify().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).isEqualTo(What.FOREIGN_KEY))
                .satisfies(problem -> assertThat(problem.offset()).isEqualTo(3));
        assertThat(verify().vouched()).isEqualTo(8);
    }

    @Test
    void shouldNameTheCheckpointWhenItClaimsAKeyThatDidNotSignIt() {
        ChainState state = new ChainState(
                COUNT, ChainHash.bytes(chain.findings.get(9).getHash()), 4, COUNT, Chain.SIGNED.toEpochMilli(), 0);
        AuditCheckpoint forged = Checkpoints.sign(foreign, Chain.FINDINGS, Chain.PARTITION, state);
        forged.setKeyFingerprint(key.verifying().fingerprint());
        chain.checkpoints.set(3, forged);

        assertThat(theProblem().what).isEqualTo(What.BAD_SIGNATURE);
    }

    @Test
    void shouldNameTheCheckpointWhenAnyOfItsFieldsIsAltered() {
        List<java.util.function.Consumer<AuditCheckpoint>> changes = List.of(
                c -> c.setSequence(3),
                c -> c.setNumber(9),
                c -> c.setPartition(1),
                c -> c.setFindingsTopic("other"),
                c -> c.setTime(Instant.EPOCH),
                c -> c.setHash(ByteBuffer.allocate(32)),
                c -> c.setSignature(ByteBuffer.allocate(64)),
                c -> c.setSignature(ByteBuffer.allocate(3)));
        for (var change : changes) {
            chain = Chain.of(COUNT, key);
            change.accept(chain.checkpoints.get(1));

            Place found = theProblem();
            assertThat(found.what).isEqualTo(What.BAD_SIGNATURE);
            assertThat(found.offset).isEqualTo(1);
        }
    }

    @Test
    void shouldNameThePlaceWhenCheckpointsAreRemovedRepeatedOrReordered() {
        AuditCheckpoint second = chain.checkpoints.remove(1);
        assertThat(theProblem()).isEqualTo(problem(1, 2, What.REMOVED));
        chain.checkpoints.add(2, second);
        assertThat(theProblem()).isEqualTo(problem(1, 3, What.REORDERED));
        chain = Chain.of(COUNT, key);
        chain.checkpoints.add(chain.checkpoints.get(1));
        assertThat(theProblem()).isEqualTo(problem(4, 2, What.INSERTED));
    }

    @Test
    void shouldRefuseACheckpointWhenItIsOfAnotherChainOfTheSameKey() {
        ChainState nothing = ChainState.empty().signed(Chain.SIGNED.toEpochMilli());
        chain.checkpoints.set(0, Checkpoints.sign(key, Chain.FINDINGS, 1, nothing));
        assertThat(theProblem()).isEqualTo(problem(0, 1, What.INSERTED));
        chain.checkpoints.set(0, Checkpoints.sign(key, "lab.findings.v1", Chain.PARTITION, nothing));
        assertThat(theProblem()).isEqualTo(problem(0, 1, What.INSERTED));
    }

    @Test
    void shouldTrustBothKeysWhenTheKeyWasChanged() {
        ChainState state = new ChainState(
                COUNT, ChainHash.bytes(chain.findings.get(9).getHash()), 5, COUNT, Chain.SIGNED.toEpochMilli(), 0);
        chain.checkpoints.add(Checkpoints.sign(foreign, Chain.FINDINGS, Chain.PARTITION, state));

        ChainVerifier both = verifier(Set.of(key.verifying(), foreign.verifying()));

        assertThat(both.verify(Chain.PARTITION, chain.entries(), chain.checkpointEntries(), Chain.SIGNED)
                        .problems())
                .isEmpty();
    }

    @Test
    void shouldFindEveryChangeWhenBytesAreChangedAtRandom() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<ChainEntry> entries = new ArrayList<>(chain.entries());
            int victim = random.nextInt(COUNT);
            byte[] value = Chain.value(chain.findings.get(victim));
            // Not the schema id, which names the schema that the bytes are read with.
            value[5 + random.nextInt(value.length - 5 - 33)] ^= (byte) (1 << random.nextInt(8));
            entries.set(victim, ChainEntry.of(victim, value, chain.findings.get(victim)));

            assertThat(verifier(Set.of(key.verifying()))
                            .verify(Chain.PARTITION, entries, chain.checkpointEntries(), Chain.SIGNED)
                            .problems())
                    .as("seed %d, round %d", seed, round)
                    .extracting(Problem::what, Problem::offset)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple(What.ALTERED, (long) victim));
        }
    }

    @Test
    void shouldNameTheRecordWhenItIsNoFinding() {
        List<ChainEntry> entries = new ArrayList<>(chain.entries());
        entries.set(4, ChainEntry.unreadable(4, "garbage"));
        assertThat(place(entries)).isEqualTo(problem(4, 5, What.ALTERED));

        entries = new ArrayList<>(chain.entries());
        entries.add(4, ChainEntry.unreadable(4, "garbage"));
        assertThat(place(entries)).isEqualTo(problem(4, 5, What.INSERTED));
    }

    private Place theProblem() {
        return Place.of(verify().problems());
    }

    private Place place(List<ChainEntry> entries) {
        return Place.of(verifier(Set.of(key.verifying()))
                .verify(Chain.PARTITION, entries, chain.checkpointEntries(), Chain.SIGNED)
                .problems());
    }

    private ChainVerifier.Verdict verify() {
        return verify(Chain.SIGNED.plusSeconds(1));
    }

    private ChainVerifier.Verdict verify(Instant now) {
        return verifier(Set.of(key.verifying()))
                .verify(Chain.PARTITION, chain.entries(), chain.checkpointEntries(), now);
    }

    private static ChainVerifier verifier(Set<VerifyingKey> keys) {
        return new ChainVerifier(
                "copy.findings.v1", "copy.checkpoints.v1", Chain.FINDINGS, keys, Duration.ofMinutes(10));
    }

    private static Place problem(long offset, long sequence, What what) {
        return new Place(offset, sequence, what);
    }

    private record Place(long offset, long sequence, What what) {
        static Place of(List<Problem> problems) {
            assertThat(problems).hasSize(1);
            Problem problem = problems.get(0);
            return new Place(problem.offset(), problem.sequence(), problem.what());
        }
    }
}
