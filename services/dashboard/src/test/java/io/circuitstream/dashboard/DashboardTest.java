package io.circuitstream.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.traces.ServedModel;
import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.ProgressState;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.StageProgress;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.TrainingProgress;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.platform.health.Health;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.stream.ProgressSink;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.testkit.ChildJvm;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard on a real broker with what the real stages make of prompts. */
class DashboardTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String HOSTILE = "<script>alert(1)</script> \u202Eevil\u0007 fact";
    private static final Health ALONE = new Health() {
        @Override
        public boolean isLive() {
            return true;
        }

        @Override
        public Optional<String> notReady() {
            return Optional.empty();
        }
    };

    @TempDir
    static Path folder;

    private static TraceableModel model;
    private static TestCluster cluster;
    private static Dashboard dashboard;
    private static ApiClient api;
    private static PipelineResults texas;

    @BeforeAll
    static void start() throws Exception {
        EventClasses.trust();
        model = TraceableModel.load(PipelineResults.MODEL, PipelineResults.MODEL.resolve("clt"), 1);
        cluster = new TestCluster(folder);
        texas = PipelineResults.of(
                model,
                PromptSubmitted.newBuilder()
                        .setPromptId("texas")
                        .setText("fact : the capital of texas is")
                        .setTags(List.of("geography"))
                        .build());
        Map<String, String> own = Map.of(
                CommonSettings.HTTP_PORT.key(),
                "0",
                CommonSettings.STATE_DIR.key(),
                folder.resolve("state").toString());
        ServedModel served = new ServedModel("tiny-ten", "h", "s", 6, 6144, 64);
        dashboard = new Dashboard(
                ServiceContext.of("dashboard", cluster.settings(own), ProgressSink.NONE),
                new Dashboard.Model(model.model().tokens(), served),
                ALONE);
        dashboard.start();
        api = new ApiClient(dashboard.uri());
        cluster.send(texas);
        await().atMost(SOON)
                .until(() -> api.get("/api/v1/traces/texas/validation").status() == 200);
    }

    @AfterAll
    static void stop() {
        dashboard.close();
        cluster.close();
        model.close();
    }

    private static JsonNode ok(String path) throws Exception {
        ApiClient.Answer answer = api.get("/api/v1" + path);
        assertThat(answer.status()).as(path).isEqualTo(200);
        assertThat(answer.type()).startsWith("application/json");
        return answer.json();
    }

    @Test
    void shouldAnswerWithTheEventsOfAPromptWhenItIsAsked() throws Exception {
        JsonNode trace = ok("/traces/texas");
        JsonNode circuit = ok("/traces/texas/circuit");
        JsonNode report = ok("/traces/texas/validation");

        assertThat(trace.path("state").textValue()).isEqualTo("COMPLETED");
        assertThat(trace.path("verdict").textValue())
                .isEqualTo(texas.report().getVerdict().name());
        assertThat(trace.path("history")).hasSize(5);
        assertThat(trace.path("request").path("tags").path(0).textValue()).isEqualTo("geography");
        assertThat(trace.path("provenance").path("modelName").textValue()).isEqualTo("tiny-ten");
        assertThat(circuit.path("nodes")).hasSize(texas.circuit().getNodes().size());
        assertThat(circuit.path("edgeWeight")).hasSameSizeAs(circuit.path("edgeTarget"));
        assertThat(circuit.path("targetAbsSum")).hasSameSizeAs(circuit.path("nodes"));
        assertThat(report.path("claims")).hasSize(texas.report().getClaims().size());
        assertThat(report.path("testedEdge").size() % 2).isZero();
        assertThat(ok("/traces/texas/inference").has("featureIndex")).isFalse();
        assertThat(ok("/traces/texas/events/inference").has("featureIndex")).isTrue();
        assertThat(ok("/traces/texas/events/attribution")
                        .path("replacementScore")
                        .doubleValue())
                .isEqualTo(texas.graph().getReplacementScore());
    }

    @Test
    void shouldFilterWhenTracesAreListed() throws Exception {
        assertThat(ids("/traces?tag=geography")).contains("texas");
        assertThat(ids("/traces?tag=none")).isEmpty();
        assertThat(ids("/traces?q=CAPITAL%20OF%20TEXAS")).contains("texas");
        assertThat(ids("/traces?tenant=nobody")).isEmpty();
        assertThat(ids("/traces?state=COMPLETED&model=tiny-ten")).contains("texas");
        assertThat(api.get("/api/v1/traces?before=x").status()).isEqualTo(400);
        assertThat(api.get("/api/v1/traces?limit=0").status()).isEqualTo(400);
    }

    private static List<String> ids(String path) throws Exception {
        List<String> ids = new ArrayList<>();
        ok(path).path("traces").forEach(trace -> ids.add(trace.path("promptId").textValue()));
        return ids;
    }

    @Test
    void shouldListEveryTraceOnceWhenPagesAreFollowed() throws Exception {
        for (int i = 0; i < 7; i++) {
            PromptSubmitted prompt = PromptSubmitted.newBuilder()
                    .setPromptId("page-" + i)
                    .setText("a")
                    .setTags(List.of("pages"))
                    .build();
            cluster.producer().send(Event.PROMPTS, prompt.getPromptId(), PromptSubmitted.class, prompt);
        }
        await().atMost(SOON).until(() -> ids("/traces?tag=pages").size() == 7);

        List<String> followed = new ArrayList<>();
        JsonNode page = ok("/traces?tag=pages&limit=2");
        while (true) {
            page.path("traces")
                    .forEach(trace -> followed.add(trace.path("promptId").textValue()));
            if (page.path("next").isNull()) {
                break;
            }
            page = ok("/traces?tag=pages&limit=2&before=" + page.path("next").textValue());
        }
        assertThat(followed).hasSize(7).doesNotHaveDuplicates().isEqualTo(ids("/traces?tag=pages"));
    }

    @Test
    void shouldScoreLikeTheCircuitWhenAllOfItsNodesAreSelected() throws Exception {
        ObjectNode all = Json.object();
        ArrayNode ids = all.putArray("nodes");
        texas.circuit().getNodes().forEach(node -> ids.add(node.getId()));

        JsonNode scores = api.post("/api/v1/traces/texas/scores", all).json();
        JsonNode none = api.post("/api/v1/traces/texas/scores", Json.object()).json();

        assertThat(scores.path("replacement").doubleValue())
                .isCloseTo(texas.circuit().getCircuitReplacementScore(), within(1e-12));
        assertThat(scores.path("completeness").doubleValue())
                .isCloseTo(texas.circuit().getCircuitCompletenessScore(), within(1e-12));
        assertThat(none.path("completeness").doubleValue())
                .isLessThan(scores.path("completeness").doubleValue());
    }

    @Test
    void shouldBringEverythingBackWhenAnExportedGraphIsImported() throws Exception {
        byte[] file = api.get("/api/v1/traces/texas/neuronpedia").response().body();

        ApiClient.Answer answer = api.call("POST", "/api/v1/imports?name=again", file);
        String id = answer.json().path("promptId").textValue();

        assertThat(answer.status()).isEqualTo(201);
        assertThat(ok("/traces/" + id).path("imported").booleanValue()).isTrue();
        assertThat(ok("/traces/" + id).path("state").textValue()).isEqualTo("COMPLETED");
        JsonNode back = ok("/traces/" + id + "/circuit");
        JsonNode own = ok("/traces/texas/circuit");
        assertThat(back.path("nodes").findValuesAsText("id"))
                .isEqualTo(own.path("nodes").findValuesAsText("id"));
        assertThat(back.path("edgeWeight")).isEqualTo(own.path("edgeWeight"));
        assertThat(back.path("edgeSource")).isEqualTo(own.path("edgeSource"));
        JsonNode wrong = api.post("/api/v1/imports", Json.object()).json();
        assertThat(wrong.path("detail").textValue()).contains("metadata is missing");
    }

    @Test
    void shouldTakeOneOfTwoChangesWhenBothAreOfTheSameRevision() throws Exception {
        cluster.send(renamed("contended"));
        await().atMost(SOON).until(() -> api.get("/api/v1/traces/contended").status() == 200);
        ExecutorService browsers = Executors.newFixedThreadPool(8);
        List<Future<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            ObjectNode change = Json.object().put("baseRevision", 0).put("author", "browser " + i);
            change.putArray("pins").add("pin-" + i);
            answers.add(browsers.submit((Callable<Integer>) () ->
                    api.put("/api/v1/traces/contended/annotations", change).status()));
        }
        List<Integer> statuses = new ArrayList<>();
        for (Future<Integer> answer : answers) {
            statuses.add(answer.get());
        }
        browsers.shutdown();

        assertThat(statuses).containsOnly(200, 409).containsOnlyOnce(200);
        JsonNode annotations = ok("/traces/contended/annotations");
        assertThat(annotations.path("revision").intValue()).isEqualTo(1);
        assertThat(annotations.path("pins")).hasSize(1);
        assertThat(annotations.path("history").path(0).path("summary").textValue())
                .isEqualTo("pinned 1");
        ApiClient.Answer stale =
                api.put("/api/v1/traces/contended/annotations", Json.object().put("baseRevision", 0));
        assertThat(stale.type()).startsWith("application/problem+json");
        assertThat(stale.json().path("current").path("revision").intValue()).isEqualTo(1);
    }

    private static PipelineResults renamed(String id) {
        return renamed(texas, id);
    }

    /** The same results for another prompt. */
    static PipelineResults renamed(PipelineResults results, String id) {
        return new PipelineResults(
                PromptSubmitted.newBuilder(results.prompt()).setPromptId(id).build(),
                InferenceCompleted.newBuilder(results.inference())
                        .setPromptId(id)
                        .build(),
                AttributionGraph.newBuilder(results.graph()).setPromptId(id).build(),
                Circuit.newBuilder(results.circuit()).setPromptId(id).build(),
                ValidationReport.newBuilder(results.report()).setPromptId(id).build());
    }

    @Test
    void shouldNameAFeatureEverywhereAndTakeTheNameBackWhenAsked() throws Exception {
        CircuitNode node = texas.circuit().getNodes().stream()
                .filter(each -> each.getKind() == NodeKind.FEATURE)
                .findFirst()
                .orElseThrow();
        String scan = texas.circuit().getProvenance().getScan();
        String feature = scan + "/" + node.getLayer() + "/" + node.getFeature();
        ObjectNode lookup = Json.object().put("scan", scan);
        lookup.putArray("features").addArray().add(node.getLayer()).add(node.getFeature());

        api.put("/api/v1/labels/" + feature, Json.object().put("label", HOSTILE));
        await().atMost(SOON).until(() -> label(lookup).equals(HOSTILE.strip()));

        assertThat(ok("/features?q=alert")
                        .path("features")
                        .path(0)
                        .path("label")
                        .textValue())
                .isEqualTo(HOSTILE);
        JsonNode known = ok("/features/" + feature);
        assertThat(known.path("circuits").intValue()).isPositive();
        assertThat(known.path("traces").findValuesAsText("promptId")).contains("texas");
        assertThat(known.path("influence").doubleValue()).isPositive();
        assertThat(api.get("/api/v1/traces/texas/neuronpedia")
                        .json()
                        .path("nodes")
                        .findValuesAsText("clerp"))
                .contains(HOSTILE);

        api.put("/api/v1/labels/" + feature, Json.object().put("label", ""));
        await().atMost(SOON).until(() -> label(lookup).isEmpty());
    }

    private static String label(ObjectNode lookup) throws Exception {
        return api.post("/api/v1/features/lookup", lookup)
                .json()
                .path("labels")
                .path(0)
                .asText("")
                .replace("null", "");
    }

    @Test
    void shouldPassTextOnAsTextWhenItIsHostile() throws Exception {
        ApiClient.Answer answer = api.post("/api/v1/traces", Json.object().put("text", HOSTILE));
        String id = answer.json().path("promptId").textValue();

        assertThat(answer.status()).isEqualTo(202);
        await().atMost(SOON).until(() -> api.get("/api/v1/traces/" + id).status() == 200);
        ApiClient.Answer trace = api.get("/api/v1/traces/" + id);
        assertThat(trace.json().path("text").textValue()).isEqualTo(HOSTILE);
        assertThat(trace.type()).startsWith("application/json");
        assertThat(trace.response().headers().firstValue("X-Content-Type-Options"))
                .hasValue("nosniff");
        assertThat(trace.response()
                        .headers()
                        .firstValue("Content-Security-Policy")
                        .orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self'")
                .doesNotContain("unsafe");
    }

    @Test
    void shouldSayWhatEachTokenIsWhenAPromptIsPreviewed() throws Exception {
        JsonNode preview = api.post("/api/v1/tokens", Json.object().put("text", "fact : the capitol of texas is"))
                .json();

        assertThat(preview.path("tokens")).hasSize(8);
        assertThat(preview.path("tokens").path(4).path("unknown").booleanValue())
                .isTrue();
        assertThat(preview.path("tokens").path(6).path("start").intValue()).isEqualTo(22);
        assertThat(preview.path("warnings").path(0).textValue()).contains("capitol");
    }

    @Test
    void shouldTellWhoWatchesWhenSomethingHappens() throws Exception {
        try (LiveClient page = new LiveClient(dashboard.uri(), null)) {
            await().atMost(SOON).until(() -> !page.named("hello").isEmpty());
            StageProgress progress = StageProgress.newBuilder()
                    .setPromptId("live")
                    .setStage("inference")
                    .setState(ProgressState.RUNNING)
                    .build();
            cluster.producer().send(Event.PROGRESS, "live", StageProgress.class, progress);
            TrainingProgress training = TrainingProgress.newBuilder()
                    .setRunId("run")
                    .setJob("transcoder")
                    .setState(ProgressState.RUNNING)
                    .setStep(5)
                    .setSteps(10)
                    .setEmittedAt(Instant.now())
                    .build();
            cluster.producer().send(Event.TRAINING, "run", TrainingProgress.class, training);
            cluster.send(renamed("live"));

            await().atMost(SOON).untilAsserted(() -> {
                assertThat(page.named("progress")).hasSize(1);
                assertThat(page.named("training")).hasSize(1);
                assertThat(page.named("operations")).isNotEmpty();
                assertThat(page.named("trace")).last().satisfies(event -> assertThat(
                                event.data().path("state").textValue())
                        .isEqualTo("COMPLETED"));
            });
            assertThat(page.named("progress").get(0).id()).isNull();
            assertThat(page.named("trace"))
                    .allSatisfy(event -> assertThat(event.id()).isNotNull());
        }
        assertThat(ok("/training").path("runs").path(0).path("runId").textValue())
                .isEqualTo("run");
        assertThat(ok("/training/run").path("points")).hasSize(1);
    }

    @Test
    void shouldSumUpWhenManyCircuitsWereRead() throws Exception {
        JsonNode trust = ok("/audit/trust").path("buckets");
        JsonNode edges = ok("/audit/edges?limit=5").path("edges");
        JsonNode operations = ok("/operations");

        assertThat(trust).isNotEmpty();
        assertThat(edges).hasSize(5);
        assertThat(edges.path(0).path("circuits").intValue()).isPositive();
        assertThat(operations.path("services")).hasSize(5);
        assertThat(operations.path("topics").findValuesAsText("name")).contains("circuitstream.annotations.v1");
        assertThat(operations.path("dashboard").path("events").longValue()).isPositive();
        assertThat(ok("/dead-letters/inference").path("records")).isEmpty();
        assertThat(ok("/config").path("models").path(0).path("model").textValue())
                .isEqualTo("tiny-ten");
    }

    @Test
    void shouldKeepItsStateAndMissNothingWhenItIsKilled() throws Exception {
        int port = freePort();
        Map<String, String> environment = new HashMap<>();
        cluster.addresses()
                .forEach((key, value) -> environment.put(key.replace('.', '_').toUpperCase(Locale.ROOT), value));
        environment.put("CIRCUITSTREAM_HTTP_PORT", Integer.toString(port));
        environment.put("CIRCUITSTREAM_STATE_DIR", folder.resolve("killed").toString());
        URI uri = URI.create("http://127.0.0.1:" + port);
        String lastId;
        int before;
        try (ChildJvm first = child(environment)) {
            awaitTrace(uri, "texas");
            before = new ApiClient(uri)
                    .get("/api/v1/traces?limit=1000")
                    .json()
                    .path("traces")
                    .size();
            try (LiveClient page = new LiveClient(uri, null)) {
                await().atMost(SOON).until(() -> !page.named("hello").isEmpty());
                lastId = page.lastId();
                first.kill9();
            }
        }
        cluster.send(renamed("while-away"));
        try (ChildJvm second = child(environment)) {
            awaitTrace(uri, "while-away");
            assertThat(second.isAlive()).isTrue();
            assertThat(new ApiClient(uri)
                            .get("/api/v1/traces?limit=1000")
                            .json()
                            .path("traces")
                            .size())
                    .isGreaterThan(before - 1);
            try (LiveClient page = new LiveClient(uri, lastId)) {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(page.named("trace")).anySatisfy(event -> {
                            assertThat(event.data().path("promptId").textValue())
                                    .isEqualTo("while-away");
                            assertThat(event.data().path("state").textValue()).isEqualTo("COMPLETED");
                        }));
                assertThat(page.named("reset")).isEmpty();
                List<Long> sequences = page.events.stream()
                        .filter(event -> event.id() != null && !event.name().equals("hello"))
                        .map(event ->
                                Long.valueOf(event.id().substring(event.id().lastIndexOf('-') + 1)))
                        .toList();
                long first = Long.parseLong(lastId.substring(lastId.lastIndexOf('-') + 1)) + 1;
                for (int i = 0; i < sequences.size(); i++) {
                    assertThat(sequences.get(i)).isEqualTo(first + i);
                }
            }
        }
    }

    private static ChildJvm child(Map<String, String> environment) {
        return ChildJvm.start(new ChildJvm.Command(
                "dashboard", Main.class.getName(), List.of("-Xmx256m"), List.of(), environment, folder));
    }

    private static void awaitTrace(URI uri, String promptId) {
        ApiClient client = new ApiClient(uri);
        await().atMost(SOON).ignoreExceptions().until(() -> client.get("/api/v1/traces/" + promptId)
                .json()
                .path("state")
                .asText()
                .equals("COMPLETED"));
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
