package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.circuitstream.events.Topics;
import io.circuitstream.testkit.ChildJvm;
import io.circuitstream.testkit.Rights;
import io.circuitstream.testkit.TopicLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.acl.AclBinding;
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
            for (String service : SERVICES) {
                for (AclBinding right : Rights.of(service)) {
                    endsWithout(right, service, brokers, deployment);
                }
            }
        }
    }

    private static void endsWithout(
            AclBinding right, String service, SecureBrokers brokers, ProcessDeployment deployment) throws Exception {
        forgetPlace(service, brokers);
        brokers.cluster().deny(List.of(right));
        try (ChildJvm process = deployment.startStage(service)) {
            int exit = process.awaitExit(Samples.PATIENCE.toSeconds());
            assertThat(exit)
                    .as(() -> "without " + right + ": " + process.output())
                    .isEqualTo(1);
            assertThat(process.output()).contains(right.pattern().name());
            System.out.println(service + " without " + right.entry().operation() + " on "
                    + right.pattern().resourceType() + " " + right.pattern().name() + ": exit " + exit);
        } finally {
            brokers.cluster().allow(List.of(right));
        }
    }

    /** All of it is read anew each time, so that every right is used. */
    private static void forgetPlace(String service, SecureBrokers brokers) {
        String group = "circuitstream-" + service;
        // A process that ended without leaving its group is in it until its session is over.
        await().atMost(Samples.PATIENCE).untilAsserted(() -> {
            try {
                brokers.cluster()
                        .administrator()
                        .deleteConsumerGroups(List.of(group))
                        .all()
                        .get();
            } catch (ExecutionException e) {
                // The one before ended without having been in it.
                assertThat(e).hasCauseInstanceOf(GroupIdNotFoundException.class);
            }
        });
    }
}
