package io.circuitstream.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.circuitstream.audit.chain.ChainReader;
import io.circuitstream.audit.chain.ChainVerifier;
import io.circuitstream.audit.chain.ChainVerifier.Verdict;
import io.circuitstream.audit.chain.CheckpointEntry;
import io.circuitstream.audit.chain.Problem;
import io.circuitstream.audit.chain.Problem.What;
import io.circuitstream.audit.chain.SigningKey;
import io.circuitstream.audit.chain.VerifyingKey;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.stream.StreamService;
import io.circuitstream.testkit.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service on a real broker: chains over restarts and kills, and what verification says of manipulated copies of its topics. */
class AuditServiceTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String FINDINGS = "circuitstream.findings.v1";
    private static final String CHECKPOINTS = "circuitstream.checkpoints.v1";

    @TempDir
    Path folder;

    private final Map<String, List<byte[]>> originals = new HashMap<>();
    private Cluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = Cluster.start(folder.resolve("cluster"));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void shouldHaveNoGapAndNothingTwiceWhenItIsKilledAtWorkAndItsStateFolderIsLost() throws Exception {
        int count = 4_000;
        cluster.send(circuits(0, count));
        try (ChildJvm first = process("first")) {
            await().atMost(LIMIT)
                    .until(() -> !cluster.records(FINDINGS, 0, true).isEmpty());
            first.kill9();
            assertThat(first.isAlive()).isFalse();
        }
        assertThat(findings()).as("killed before its work was done").hasSizeLessThan(count);

        try (ChildJvm second = process("second")) {
            awaitFindings(count);
            awaitSigned(count);
            second.terminate();
            assertThat(second.awaitExit(60)).as(second.output()).isZero();
        }

        assertThat(findings()).extracting(AuditFinding::getFindingId).doesNotHaveDuplicates();
        assertThat(findings().stream().map(AuditFinding::getPromptId).collect(Collectors.toSet()))
                .hasSize(count);
        assertThat(problems("circuitstream", cluster.key.verifying())).isEmpty();
    }

    @Test
    void shouldGoOnPastPoisonOnTheTopicOfFeaturesAndNameWhatWasDoneToCopiesOfItsTopics() throws Exception {
        ProducerRecord<byte[], byte[]> poison =
                new ProducerRecord<>("circuitstream.features.v1", new byte[] {1}, new byte[] {2, 3});
        cluster.sendAll(List.of(poison));
        cluster.send(circuits(0, 50));
        try (StreamService service = service(folder.resolve("one"))) {
            awaitFindings(50);
            cluster.sendAll(List.of(poison));
            cluster.send(circuits(50, 60));
            awaitFindings(60);
            awaitSigned(60);
            service.close();
        }
        assertThat(problems("circuitstream", cluster.key.verifying())).isEmpty();
        assertThat(cluster.records(FINDINGS, 1, true)).hasSizeGreaterThan(10);

        assertCopy("untouched", findings -> {}, checkpoints -> {}, null);
        assertCopy("altered", findings -> findings.set(4, flipped(findings.get(4))), checkpoints -> {}, What.ALTERED);
        assertCopy("removed", findings -> findings.remove(4), checkpoints -> {}, What.REMOVED);
        assertCopy("inserted", findings -> findings.add(4, findings.get(2)), checkpoints -> {}, What.INSERTED);
        assertCopy("reordered", findings -> Collections.swap(findings, 4, 5), checkpoints -> {}, What.REORDERED);
        assertCopy("cutoff", findings -> findings.subList(4, findings.size()).clear(), checkpoints -> {}, What.CUT_OFF);
        assertCopy(
                "unsigned",
                findings -> {},
                checkpoints -> checkpoints.set(0, flipped(checkpoints.get(0))),
                What.BAD_SIGNATURE);
        SigningKey other = SigningKey.generate(folder.resolve("other.pem"), folder.resolve("other.pub.pem"));
        assertThat(problems("circuitstream", other.verifying()))
                .extracting(Problem::what)
                .containsOnly(What.FOREIGN_KEY);
    }

    /** In partition 1; the offset that is named is 4 or one that follows from what was done there. */
    private void assertCopy(
            String prefix,
            Consumer<List<byte[]>> findings,
            Consumer<List<byte[]>> checkpoints,
            @org.jspecify.annotations.Nullable What expected)
            throws Exception {
        cluster.makeTopics(prefix, Set.of(Event.FINDINGS, Event.CHECKPOINTS));
        copy(FINDINGS, prefix + ".findings.v1", findings);
        copy(CHECKPOINTS, prefix + ".checkpoints.v1", checkpoints);

        List<Problem> problems = problems(prefix, cluster.key.verifying());

        if (expected == null) {
            assertThat(problems).isEmpty();
            return;
        }
        assertThat(problems).as(prefix).hasSize(1);
        Problem problem = problems.get(0);
        assertThat(problem.what()).isEqualTo(expected);
        assertThat(problem.partition()).isEqualTo(1);
        assertThat(problem.offset())
                .isEqualTo(
                        switch (expected) {
                            case CUT_OFF -> 3;
                            case BAD_SIGNATURE -> 0;
                            default -> 4;
                        });
    }

    private void copy(String from, String to, Consumer<List<byte[]>> change) throws Exception {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int partition = 0; partition < Cluster.PARTITIONS; partition++) {
            int part = partition;
            List<byte[]> values =
                    new ArrayList<>(originals.computeIfAbsent(from + partition, any -> values(from, part)));
            if (partition == 1) {
                change.accept(values);
            }
            for (byte[] value : values) {
                records.add(new ProducerRecord<>(to, partition, null, value));
            }
        }
        cluster.sendAll(records);
    }

    private List<byte[]> values(String topic, int partition) {
        return cluster.records(topic, partition, true).stream()
                .map(ConsumerRecord::value)
                .toList();
    }

    /** With one bit changed that is neither the schema's id nor a length: in the last byte of the content before the hash. */
    private static byte[] flipped(byte[] value) {
        byte[] flipped = value.clone();
        flipped[flipped.length - 40] ^= 1;
        return flipped;
    }

    private List<Problem> problems(String prefix, VerifyingKey key) {
        List<Problem> problems = new ArrayList<>();
        try (ChainReader reader = cluster.reader(prefix)) {
            ChainVerifier verifier = new ChainVerifier(
                    reader.findingsTopic(), reader.checkpointsTopic(), FINDINGS, Set.of(key), Duration.ofMinutes(10));
            for (int partition = 0; partition < reader.partitions(); partition++) {
                List<CheckpointEntry> checkpoints = reader.checkpoints(partition);
                Verdict verdict = verifier.verify(partition, reader.findings(partition), checkpoints, Instant.now());
                problems.addAll(verdict.problems());
            }
        }
        return problems;
    }

    private void awaitFindings(int count) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(IntStream.range(0, Cluster.PARTITIONS)
                        .map(partition ->
                                cluster.records(FINDINGS, partition, true).size())
                        .sum())
                .isEqualTo(count));
    }

    private void awaitSigned(int count) {
        await().atMost(LIMIT).untilAsserted(() -> {
            long signed = 0;
            try (ChainReader reader = cluster.reader("circuitstream")) {
                for (int partition = 0; partition < Cluster.PARTITIONS; partition++) {
                    List<CheckpointEntry> checkpoints = reader.checkpoints(partition);
                    if (!checkpoints.isEmpty()) {
                        signed += checkpoints
                                .get(checkpoints.size() - 1)
                                .checkpoint()
                                .getSequence();
                    }
                }
            }
            assertThat(signed).isEqualTo(count);
        });
    }

    private List<AuditFinding> findings() {
        ServiceContext context = cluster.context(folder);
        return IntStream.range(0, Cluster.PARTITIONS)
                .mapToObj(partition -> cluster.records(context.topic(Event.FINDINGS), partition, true))
                .flatMap(List::stream)
                .map(record ->
                        context.serde(AuditFinding.class).deserializer().deserialize(record.topic(), record.value()))
                .toList();
    }

    private ChildJvm process(String state) {
        return ChildJvm.start(new ChildJvm.Command(
                "audit",
                Main.class.getName(),
                List.of("-Xmx512m"),
                List.of(),
                cluster.environment(folder.resolve(state)),
                folder));
    }

    private StreamService service(Path state) throws InterruptedException {
        StreamService service = Audit.of(cluster.context(state));
        service.start();
        service.awaitRunning(LIMIT);
        return service;
    }

    private static List<Circuit> circuits(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> AuditEvents.circuit("p" + i, AuditEvents.feature(1, 17, 2, .9)))
                .toList();
    }
}
