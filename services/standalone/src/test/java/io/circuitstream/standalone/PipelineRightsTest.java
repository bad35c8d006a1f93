package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.circuitstream.events.Topics;
import io.circuitstream.testkit.ChildJvm;
import io.circuitstream.testkit.Rights;
import io.circuitstream.testkit.TopicLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every right of docs/security.md is taken from every stream service, which ends and says what it needs. */
@Tag("faults")
class PipelineRightsTest {
    private static final List<String> SERVICES =
            List.of("inference", "attribution", "pruning", "validation", "description", "audit");

    @TempDir
    Path folder;

    @Test
    void shouldEndAndSayWhichRightIsMissingWhenAnyOneIsTakenAway() throws Exception {
        SecureBrokers brokers = new SecureBrokers(folder.resolve("secure"));
        try (ProcessDeployment deployment =
                ProcessDeployment.start(folder.resolve("six"), Map.of(), Map.of(), brokers, SERVICES)) {
            Samples.trace(deployment.settings(), Samples.prompts());
            await().atMost(Samples.PATIENCE)
                    .until(() -> new TopicLog(
                                            brokers.cluster().administratorServers(),
                                            new Topics(Topics.DEFAULT_PREFIX).name(Topics.Event.VECTORS))
                                    .committed()
                                    .size()
                            == 10);
            for (ChildJvm service : deployment.stages()) {
                service.terminate();
                assertThat(service.awaitExit(60)).as(service.output()).isZero();
            }
            assertThat(problems(brokers, deployment)).isEmpty();
        }
    }

    /** What is not as it should be without each of the rights; two services at a time, which are idle otherwise while a JVM starts. */
    private static Queue<String> problems(SecureBrokers brokers, ProcessDeployment deployment) {
        Queue<String> problems = new ConcurrentLinkedQueue<>();
        ExecutorService lanes = Executors.newFixedThreadPool(2);
        try {
            List<CompletableFuture<Void>> services = SERVICES.stream()
                    .map(service -> CompletableFuture.runAsync(
                            () -> problems.addAll(problems(service, brokers, deployment)), lanes))
                    .toList();
            services.forEach(CompletableFuture::join);
            return problems;
        } finally {
            lanes.shutdownNow();
        }
    }

    private static List<String> problems(String service, SecureBrokers brokers, ProcessDeployment deployment) {
        List<String> problems = new ArrayList<>();
        try {
            for (AclBinding right : Rights.of(service)) {
                without(right, service, brokers, deployment).ifPresent(problems::add);
            }
            return problems;
        } catch (Exception e) {
            throw new AssertionError(service, e);
        }
    }

    private static Optional<String> without(
            AclBinding right, String service, SecureBrokers brokers, ProcessDeployment deployment) throws Exception {
        forgetPlace(service, brokers);
        if (right.entry().operation() == AclOperation.CREATE) {
            forgetTopics(right.pattern().name(), brokers);
        }
        brokers.cluster().deny(List.of(right));
        String name = service + " without " + right.entry().operation() + " on "
                + right.pattern().resourceType() + " " + right.pattern().name();
        long begin = System.nanoTime();
        try (ChildJvm process = deployment.startStage(service)) {
            int exit = process.awaitExit(Samples.PATIENCE.toSeconds());
            System.out.printf("%s: exit %d after %d ms%n", name, exit, (System.nanoTime() - begin) / 1_000_000);
            return exit == 1
                            && saysWhatIsMissing(
                                    process.output(), right.pattern().name())
                    ? Optional.empty()
                    : Optional.of(name + ": exit " + exit + ", " + process.output());
        } catch (AssertionError e) {
            System.out.println(name + ": goes on");
            return Optional.of(name + " goes on: " + e.getMessage());
        } finally {
            brokers.cluster().allow(List.of(right));
        }
    }

    /** In words of ours: the names of threads and clients have those of groups in them. */
    private static boolean saysWhatIsMissing(String output, String resource) {
        return output.lines()
                .filter(line -> line.contains(" may not ") || line.contains("the brokers refuse: "))
                .anyMatch(line -> line.contains(resource));
    }

    /** All of it is read anew each time, so that every right is used. */
    private static void forgetPlace(String service, SecureBrokers brokers) throws Exception {
        String group = "circuitstream-" + service;
        Admin admin = brokers.cluster().administrator();
        try {
            // A process that ended without leaving its group is in it until its session is over.
            if (!admin.describeConsumerGroups(List.of(group))
                    .all()
                    .get()
                    .get(group)
                    .members()
                    .isEmpty()) {
                admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                        .all()
                        .get();
            }
            admin.deleteConsumerGroups(List.of(group)).all().get();
        } catch (ExecutionException e) {
            // The one before ended without having been in it.
            assertThat(e).hasCauseInstanceOf(GroupIdNotFoundException.class);
        }
    }

    /** As it is before a service's first start: its own topics are made again. */
    private static void forgetTopics(String prefix, SecureBrokers brokers) throws Exception {
        Admin admin = brokers.cluster().administrator();
        List<String> topics = admin.listTopics().names().get().stream()
                .filter(topic -> topic.startsWith(prefix))
                .toList();
        assertThat(topics).isNotEmpty();
        admin.deleteTopics(topics).all().get();
    }
}
