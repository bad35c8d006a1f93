package io.circuitstream.platform.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.testkit.ChildJvm;
import io.circuitstream.testkit.LoopbackCluster;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers in processes of their own, which die. */
@Tag("faults")
class BrokerFaultsTest {
    /** Longer than Kafka's clients wait for anything by default. */
    private static final Duration AWAY = Duration.ofSeconds(70);

    private static final Duration RECOVERY = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    private LoopbackCluster brokers;
    private EchoCluster cluster;

    @BeforeEach
    void start() throws Exception {
        EventClasses.trust();
        brokers = new LoopbackCluster(folder.resolve("brokers"), 3);
        cluster = new EchoCluster(folder, brokers, brokers.bootstrapServers());
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    /** R6. */
    @Test
    void shouldLoseAndDoubleNothingWhenLeaderAndControllerAreKilledInTurn() throws Exception {
        try (EchoCluster.Scenario scenario = cluster.scenario("brokers")) {
            int port = EchoCluster.freePort();
            ChildJvm service = scenario.start(List.of(), Map.of("CIRCUITSTREAM_HTTP_PORT", Integer.toString(port)));
            scenario.send(0, 100, "slow");
            scenario.awaitCommitted(10);

            int leader = brokers.leader(scenario.output());
            brokers.broker(leader).kill9();
            scenario.send(100, 200, "slow");
            assertThat(status(port, "/livez")).isEqualTo(200);
            await().atMost(RECOVERY).until(() -> scenario.committed() >= 120);
            brokers.restart(leader);
            await().atMost(RECOVERY).until(() -> scenario.committed() >= 200);

            int controller = brokers.controller();
            brokers.broker(controller).kill9();
            scenario.send(200, 300, "slow");
            await().atMost(RECOVERY).until(() -> scenario.committed() >= 300);
            brokers.restart(controller);

            scenario.awaitExactlyWhatWasSent();
            assertThat(service.isAlive()).isTrue();
            assertThat(status(port, "/livez")).isEqualTo(200);
            await().atMost(RECOVERY).until(() -> status(port, "/readyz") == 200);
        }
    }

    /** R7. */
    @Test
    void shouldGoOnUnaidedWhenAllBrokersWereAwayForLongerThanAnyTimeOut() throws Exception {
        try (EchoCluster.Scenario scenario = cluster.scenario("away")) {
            int port = EchoCluster.freePort();
            ChildJvm service = scenario.start(List.of(), Map.of("CIRCUITSTREAM_HTTP_PORT", Integer.toString(port)));
            scenario.send(0, 200, "slow");
            scenario.awaitCommitted(10);
            for (int id = 1; id <= 3; id++) {
                brokers.broker(id).kill9();
            }
            long begin = System.nanoTime();
            await().atMost(AWAY.multipliedBy(2)).until(() -> status(port, "/readyz") == 503);
            await().atMost(AWAY.multipliedBy(2)).until(() -> System.nanoTime() - begin > AWAY.toNanos());
            assertThat(status(port, "/livez")).isEqualTo(200);
            for (int id = 1; id <= 3; id++) {
                brokers.restart(id);
            }

            await().atMost(RECOVERY).ignoreExceptions().until(() -> scenario.committed() >= 200);
            scenario.send(200, 220, "fine");
            await().atMost(RECOVERY).ignoreExceptions().until(() -> scenario.committed() >= 220);
            scenario.awaitExactlyWhatWasSent();
            assertThat(service.isAlive()).isTrue();
            await().atMost(RECOVERY).until(() -> status(port, "/readyz") == 200);
        }
    }

    private static int status(int port, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
