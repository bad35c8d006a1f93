package io.circuitstream.standalone.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.audit.chain.ChainReader;
import io.circuitstream.audit.chain.ChainVerifier;
import io.circuitstream.audit.chain.ChainVerifier.Verdict;
import io.circuitstream.audit.chain.CheckpointEntry;
import io.circuitstream.audit.chain.Problem;
import io.circuitstream.audit.chain.VerifyingKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Exit 0 when every chain is as it was written and signed, 1 when one is not or cannot be read. */
@Command(
        name = "verify-audit",
        description =
                "Verifies that the audit's findings are as they were written: follows the hash chain of every partition and"
                        + " compares it with the signed checkpoints.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class VerifyAuditCommand implements Callable<Integer> {
    @Option(
            names = "--public-key",
            paramLabel = "FILE",
            required = true,
            description = "public key of the audit service, PEM; repeat it when the key was changed")
    List<Path> publicKeys = List.of();

    @Option(
            names = "--max-age",
            paramLabel = "MINUTES",
            description =
                    "how old the newest checkpoint of a chain may be, 0: as old as it likes (default: ${DEFAULT-VALUE})",
            defaultValue = "10")
    long maxAge;

    @Option(
            names = "--signed-topic",
            paramLabel = "NAME",
            description = "name of the findings topic where it was signed, when the topics to verify are copies")
    @Nullable
    String signedTopic;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    boolean json;

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Override
    public Integer call() {
        Set<VerifyingKey> keys = publicKeys.stream().map(VerifyingKey::load).collect(Collectors.toUnmodifiableSet());
        try (ChainReader reader = new ChainReader(kafka.settings())) {
            ChainVerifier verifier = new ChainVerifier(
                    reader.findingsTopic(),
                    reader.checkpointsTopic(),
                    signedTopic == null ? reader.findingsTopic() : signedTopic,
                    keys,
                    Duration.ofMinutes(maxAge));
            List<Verdict> verdicts = new ArrayList<>();
            int partitions = reader.partitions();
            for (int partition = 0; partition < partitions; partition++) {
                List<CheckpointEntry> checkpoints = reader.checkpoints(partition);
                verdicts.add(verifier.verify(partition, reader.findings(partition), checkpoints, Instant.now()));
            }
            print(verifier, verdicts);
            return verdicts.stream().allMatch(Verdict::isGood) ? 0 : 1;
        }
    }

    private void print(ChainVerifier verifier, List<Verdict> verdicts) {
        if (json) {
            System.out.println(document(verifier, verdicts).toPrettyString());
            return;
        }
        for (Verdict verdict : verdicts) {
            System.out.printf(
                    Locale.ROOT,
                    "partition %d: %s, %d findings, signed up to %d by %d checkpoints%s%n",
                    verdict.partition(),
                    verdict.isGood() ? "good" : "BAD",
                    verdict.findings(),
                    verdict.vouched(),
                    verdict.checkpoints(),
                    verdict.signedAt() == null ? "" : ", the newest of " + verdict.signedAt());
            for (Problem problem : verdict.problems()) {
                System.out.printf(
                        Locale.ROOT,
                        "  %s: topic %s, partition %d, offset %d, sequence %d: %s%n",
                        name(problem.what()),
                        problem.topic(),
                        problem.partition(),
                        problem.offset(),
                        problem.sequence(),
                        problem.detail());
            }
        }
        long bad = verdicts.stream().filter(verdict -> !verdict.isGood()).count();
        System.out.println(
                bad == 0
                        ? verdicts.size() + " partitions, all as they were written"
                        : bad + " of " + verdicts.size() + " partitions are not as they were written");
    }

    private static ObjectNode document(ChainVerifier verifier, List<Verdict> verdicts) {
        ObjectNode document = new ObjectMapper()
                .createObjectNode()
                .put("good", verdicts.stream().allMatch(Verdict::isGood))
                .put("findingsTopic", verifier.findingsTopic())
                .put("checkpointsTopic", verifier.checkpointsTopic());
        verifier.keys().stream()
                .map(VerifyingKey::fingerprint)
                .sorted()
                .forEach(document.withArray("keyFingerprints")::add);
        for (Verdict verdict : verdicts) {
            ObjectNode partition = document.withArray("partitions")
                    .addObject()
                    .put("partition", verdict.partition())
                    .put("good", verdict.isGood())
                    .put("findings", verdict.findings())
                    .put("signedFindings", verdict.vouched())
                    .put("checkpoints", verdict.checkpoints())
                    .put(
                            "signedAt",
                            verdict.signedAt() == null
                                    ? null
                                    : verdict.signedAt().toString());
            partition.putArray("problems");
            for (Problem problem : verdict.problems()) {
                partition
                        .withArray("problems")
                        .addObject()
                        .put("what", name(problem.what()))
                        .put("topic", problem.topic())
                        .put("partition", problem.partition())
                        .put("offset", problem.offset())
                        .put("sequence", problem.sequence())
                        .put("detail", problem.detail());
            }
        }
        return document;
    }

    private static String name(Problem.What what) {
        return switch (what) {
            case FOREIGN_KEY -> "checkpoint by another key";
            default -> what.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }
}
