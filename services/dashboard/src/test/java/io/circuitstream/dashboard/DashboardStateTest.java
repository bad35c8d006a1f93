package io.circuitstream.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.dashboard.audit.AuditEvents;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.testkit.ChildJvm;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a dashboard holds on its disk: over restarts, beside other instances, when there is too much, and of another cluster. */
class DashboardStateTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private static TestCluster cluster;
    private static PipelineResults texas;

    @BeforeAll
    static void start() {
        EventClasses.trust();
        cluster = new TestCluster(folder);
        PromptSubmitted prompt = PromptSubmitted.newBuilder()
                .setPromptId("texas")
                .setText("fact : the capital of texas is")
                .build();
        try (TraceableModel model =
                TraceableModel.load(PipelineResults.MODEL, PipelineResults.MODEL.resolve("clt"), 1)) {
            texas = PipelineResults.of(model, prompt);
        }
        cluster.send(texas);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static JsonNode json(URI uri, String path) throws Exception {
        ApiClient.Answer answer = new ApiClient(uri).get("/api/v1" + path);
        assertThat(answer.status()).as(path).isEqualTo(200);
        return answer.json();
    }

    private static long read(URI uri) throws Exception {
        return json(uri, "/operations").path("dashboard").path("events").longValue();
    }

    private static void awaitTrace(URI uri, String promptId) {
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() ->
                        json(uri, "/traces/" + promptId).path("state").asText().equals("COMPLETED"));
    }

    private static List<String> ids(URI uri) throws Exception {
        return Stream.of(json(uri, "/traces?limit=1000").path("traces"))
                .flatMap(traces -> IntStream.range(0, traces.size()).mapToObj(traces::get))
                .map(trace -> trace.path("promptId").textValue())
                .toList();
    }

    @Test
    void shouldReadEachRecordOnceAndMissNothingWhenItIsKilled() throws Exception {
        ChildDashboard child = ChildDashboard.of(cluster, folder.resolve("killed"));
        URI uri = child.uri();
        String lastId;
        long before;
        AuditFinding early = AuditEvents.finding("early", "texas", 1, AuditEvents.START);
        cluster.producer().send(Event.FINDINGS, "early", AuditFinding.class, early);
        try (ChildJvm first = child.start()) {
            awaitTrace(uri, "texas");
            long all = cluster.records();
            await().atMost(SOON).until(() -> read(uri) == all);
            before = all;
            try (LiveClient page = new LiveClient(uri, null)) {
                await().atMost(SOON).until(() -> !page.named("hello").isEmpty());
                lastId = page.lastId();
                first.kill9();
            }
        }
        AuditFinding late = AuditEvents.finding("late", "texas", 2, early.getHash());
        cluster.producer().send(Event.FINDINGS, "late", AuditFinding.class, late);
        cluster.send(texas.renamed("while-away"));
        try (ChildJvm second = child.start()) {
            awaitTrace(uri, "while-away");
            cluster.send(texas.renamed("afterwards"));
            awaitTrace(uri, "afterwards");

            assertThat(second.isAlive()).isTrue();
            assertThat(before + read(uri)).as("records read in both lives").isEqualTo(cluster.records());
            try (LiveClient page = new LiveClient(uri, lastId)) {
                await().atMost(SOON).untilAsserted(() -> {
                    assertCompleted(page, "while-away");
                    assertCompleted(page, "afterwards");
                });
                assertThat(page.named("reset")).isEmpty();
                assertThat(page.named("trace"))
                        .extracting(event -> event.data().path("promptId").textValue())
                        .as("nothing is told again")
                        .containsOnly("while-away", "afterwards");
                assertThat(page.named("finding"))
                        .extracting(event -> event.data().path("findingId").textValue())
                        .containsExactly("late");
                assertThat(json(uri, "/audit/findings?promptId=texas")
                                .path("findings")
                                .findValuesAsText("findingId"))
                        .containsExactly("late", "early");
                long first = sequence(lastId) + 1;
                List<Long> told = page.events.stream()
                        .filter(event -> event.id() != null && !event.name().equals("hello"))
                        .map(event -> sequence(event.id()))
                        .toList();
                assertThat(told)
                        .isEqualTo(IntStream.range(0, told.size())
                                .mapToObj(i -> first + i)
                                .toList());
            }
        }
    }

    private static void assertCompleted(LiveClient page, String promptId) {
        assertThat(page.named("trace")).anySatisfy(event -> {
            assertThat(event.data().path("promptId").textValue()).isEqualTo(promptId);
            assertThat(event.data().path("state").textValue()).isEqualTo("COMPLETED");
        });
    }

    private static long sequence(String id) {
        return Long.parseLong(id.substring(id.lastIndexOf('-') + 1));
    }

    @Test
    void shouldShowTheSameInBothWhenTwoInstancesRun() throws Exception {
        try (Dashboard one = cluster.dashboard(folder.resolve("one"), Dashboard.Model.UNKNOWN, Map.of());
                Dashboard two = cluster.dashboard(folder.resolve("two"), Dashboard.Model.UNKNOWN, Map.of())) {
            one.start();
            two.start();
            cluster.send(texas.renamed("of-both"));
            awaitTrace(one.uri(), "of-both");
            awaitTrace(two.uri(), "of-both");
            long all = cluster.records();
            await().atMost(SOON).until(() -> read(one.uri()) == all && read(two.uri()) == all);

            assertThat(ids(one.uri())).contains("texas", "of-both").isEqualTo(ids(two.uri()));
            assertThat(json(one.uri(), "/audit/edges?limit=20")).isEqualTo(json(two.uri(), "/audit/edges?limit=20"));
            assertThat(json(one.uri(), "/traces/of-both/circuit"))
                    .isEqualTo(json(two.uri(), "/traces/of-both/circuit"));

            ObjectNode change = Json.object().put("baseRevision", 0).put("author", "one");
            change.putArray("pins").add("a");
            try (LiveClient page = new LiveClient(two.uri(), null)) {
                await().atMost(SOON).until(() -> !page.named("hello").isEmpty());
                assertThat(new ApiClient(one.uri())
                                .put("/api/v1/traces/of-both/annotations", change)
                                .status())
                        .isEqualTo(200);
                await().atMost(SOON).until(() -> page.named("annotations").stream()
                        .anyMatch(
                                event -> event.data().path("promptId").asText().equals("of-both")));
            }
            assertThat(json(two.uri(), "/traces/of-both/annotations")
                            .path("pins")
                            .path(0)
                            .textValue())
                    .isEqualTo("a");
            assertThat(new ApiClient(two.uri())
                            .put("/api/v1/traces/of-both/annotations", change)
                            .status())
                    .as("a change of what another instance has changed")
                    .isEqualTo(409);
        }
    }

    @Test
    void shouldForgetTheOldestWithAllThatWasOfThemWhenThereAreTooMany() throws Exception {
        Map<String, String> ten = Map.of(DashboardSettings.MAX_TRACES.key(), "10");
        try (Dashboard dashboard = cluster.dashboard(folder.resolve("ten"), Dashboard.Model.UNKNOWN, ten)) {
            dashboard.start();
            URI uri = dashboard.uri();
            ObjectNode pin = Json.object().put("baseRevision", 0).put("author", "a");
            pin.putArray("pins").add("a");
            for (int i = 0; i < 13; i++) {
                cluster.send(texas.renamed("many-" + i));
                awaitTrace(uri, "many-" + i);
                if (i == 0) {
                    new ApiClient(uri).put("/api/v1/traces/many-0/annotations", pin);
                    assertThat(json(uri, "/traces/many-0/annotations")
                                    .path("revision")
                                    .intValue())
                            .isEqualTo(1);
                }
            }
            List<String> newest =
                    IntStream.range(0, 10).mapToObj(i -> "many-" + (12 - i)).toList();
            await().atMost(SOON).untilAsserted(() -> assertThat(ids(uri)).isEqualTo(newest));

            for (String path : List.of("", "/circuit", "/validation", "/annotations")) {
                assertThat(new ApiClient(uri)
                                .get("/api/v1/traces/many-0" + path)
                                .status())
                        .as(path)
                        .isEqualTo(404);
            }
            cluster.send(texas.renamed("many-0"));
            awaitTrace(uri, "many-0");
            assertThat(json(uri, "/traces/many-0/annotations").path("revision").intValue())
                    .as("what was pinned before it was forgotten")
                    .isZero();
            await().atMost(SOON).until(() -> ids(uri).size() == 10);
            int verdicts = 0;
            for (JsonNode bucket : json(uri, "/audit/trust").path("buckets")) {
                for (String verdict : List.of("supported", "mixed", "unsupported", "untested")) {
                    verdicts += bucket.path(verdict).intValue();
                }
            }
            assertThat(verdicts).as("verdicts over time").isEqualTo(10);
            assertThat(json(uri, "/audit/edges?limit=1")
                            .path("edges")
                            .path(0)
                            .path("circuits")
                            .intValue())
                    .as("circuits with the most frequent edge")
                    .isEqualTo(10);
        }
    }

    @Test
    void shouldEndAndSayWhyWhenItsFolderIsOfAnotherCluster() throws Exception {
        Path state = folder.resolve("moved");
        try (Dashboard here = cluster.dashboard(state, Dashboard.Model.UNKNOWN, Map.of())) {
            here.start();
            awaitTrace(here.uri(), "texas");
        }
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        try (TestCluster other = new TestCluster(elsewhere)) {
            try (ChildJvm process = ChildDashboard.of(other, state).start()) {
                assertThat(process.awaitExit(SOON.toSeconds())).isEqualTo(1);
                assertThat(process.output())
                        .contains("was read from the Kafka cluster")
                        .contains(state.toString())
                        .contains("delete this one to read everything anew");
            }
        }
        try (Dashboard back = cluster.dashboard(state, Dashboard.Model.UNKNOWN, Map.of())) {
            back.start();
            awaitTrace(back.uri(), "texas");
            assertThat(back.exitCode()).isZero();
        }
    }
}
