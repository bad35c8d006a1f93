package io.circuitstream.dashboard;

import static io.circuitstream.dashboard.RunningDashboard.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Columns;
import io.circuitstream.events.ProgressState;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.StageProgress;
import io.circuitstream.events.Topics;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.TrainingProgress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The dashboard on a real broker with what the real stages make of prompts. */
@ExtendWith(RunningDashboard.Once.class)
class DashboardTest {
    private static final String HOSTILE = "<script>alert(1)</script> \u202Eevil\u0007 fact";

    private final RunningDashboard dashboard;
    private final ApiClient api;
    private final PipelineResults texas;

    DashboardTest(RunningDashboard dashboard) {
        this.dashboard = dashboard;
        this.api = dashboard.api;
        this.texas = dashboard.texas;
    }

    private JsonNode ok(String path) throws Exception {
        return dashboard.ok(path);
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

    private List<String> ids(String path) throws Exception {
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
            dashboard.cluster.producer().send(Event.PROMPTS, prompt.getPromptId(), PromptSubmitted.class, prompt);
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
    void shouldNameTheColumnWhenAGraphContradictsItself() throws Exception {
        PipelineResults malformed = texas.renamed("malformed");
        AttributionGraph graph = AttributionGraph.newBuilder(malformed.graph())
                .setVal(Columns.of(new float[9]))
                .build();
        dashboard.cluster.send(new PipelineResults(
                malformed.prompt(), malformed.inference(), graph, malformed.circuit(), malformed.report()));
        await().atMost(SOON)
                .until(() -> api.get("/api/v1/traces/malformed/validation").status() == 200);

        ApiClient.Answer answer = api.post("/api/v1/traces/malformed/scores", Json.object());

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.type()).startsWith("application/problem+json");
        assertThat(answer.json().path("detail").textValue()).startsWith("column val of the graph has 9 values");
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
        try (LiveClient page = new LiveClient(api.server(), null)) {
            await().atMost(SOON).until(() -> !page.named("hello").isEmpty());
            StageProgress progress = StageProgress.newBuilder()
                    .setPromptId("live")
                    .setStage("inference")
                    .setState(ProgressState.RUNNING)
                    .build();
            dashboard.cluster.producer().send(Event.PROGRESS, "live", StageProgress.class, progress);
            TrainingProgress training = TrainingProgress.newBuilder()
                    .setRunId("run")
                    .setJob("transcoder")
                    .setState(ProgressState.RUNNING)
                    .setStep(5)
                    .setSteps(10)
                    .setEmittedAt(Instant.now())
                    .build();
            dashboard.cluster.producer().send(Event.TRAINING, "run", TrainingProgress.class, training);
            dashboard.cluster.send(texas.renamed("live"));

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
        assertThat(operations.path("services")).hasSize(Topics.STAGES.size());
        assertThat(operations.path("topics").findValuesAsText("name")).contains("circuitstream.annotations.v1");
        assertThat(operations.path("dashboard").path("events").longValue()).isPositive();
        assertThat(ok("/config").path("models").path(0).path("model").textValue())
                .isEqualTo("tiny-ten");
    }
}
