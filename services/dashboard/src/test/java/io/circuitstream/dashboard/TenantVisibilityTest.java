package io.circuitstream.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.dashboard.audit.AuditEvents;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.events.BehaviourSummary;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.Columns;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.FeatureExample;
import io.circuitstream.events.FeatureLabel;
import io.circuitstream.events.FeatureQuantile;
import io.circuitstream.events.LabelSource;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.ProgressState;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.StageProgress;
import io.circuitstream.events.Status;
import io.circuitstream.events.SteeringCompleted;
import io.circuitstream.events.SteeringRequested;
import io.circuitstream.events.TokenCount;
import io.circuitstream.events.TokenEffect;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.serde.EventClasses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two tenants on one dashboard: neither finds anything of the other. */
class TenantVisibilityTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<String> STAGES =
            List.of("prompts", "inference", "attribution", "pruning", "validation", "other");

    @TempDir
    static Path folder;

    private static TestCluster cluster;
    private static Dashboard dashboard;
    private static PipelineResults texas;
    private static ApiClient boss;
    private static ApiClient lab;

    @BeforeAll
    static void start() throws Exception {
        EventClasses.trust();
        cluster = new TestCluster(folder);
        try (TraceableModel model =
                TraceableModel.load(PipelineResults.MODEL, PipelineResults.MODEL.resolve("clt"), 1)) {
            texas = PipelineResults.of(
                    model,
                    PromptSubmitted.newBuilder()
                            .setPromptId("texas")
                            .setText("fact : the capital of texas is")
                            .build());
        }
        Path tokens = Files.writeString(
                folder.resolve("tokens.json"),
                "[{\"name\":\"boss\",\"token\":\"b\",\"role\":\"admin\"},"
                        + "{\"name\":\"lab\",\"token\":\"l\",\"role\":\"operator\",\"tenants\":[\"lab\",\"lab2\"]}]");
        dashboard = cluster.dashboard(
                folder.resolve("state"),
                Dashboard.Model.UNKNOWN,
                Map.of(
                        AccessSettings.TOKENS_FILE.key(),
                        tokens.toString(),
                        DashboardSettings.TENANT_RATES.key(),
                        "slow=2,lab2=1000"));
        dashboard.start();
        boss = new ApiClient(dashboard.uri(), "b");
        lab = new ApiClient(dashboard.uri(), "l");
        for (String tenant : List.of("lab", "acme")) {
            cluster.send(texas.renamed(tenant + "-1", tenant));
            cluster.producer().send(Event.STEERED, "steer-" + tenant, SteeringCompleted.class, steered(tenant));
            finding("finding-" + tenant, tenant + "-1", tenant);
        }
        finding("finding-window", "", "");
        for (String tenant : List.of("lab", "acme")) {
            await().atMost(SOON)
                    .until(() -> boss.get("/api/v1/traces/" + tenant + "-1/validation")
                                    .status()
                            == 200);
            await().atMost(SOON)
                    .until(() -> boss.get("/api/v1/steerings/steer-" + tenant).status() == 200);
        }
    }

    @AfterAll
    static void stop() {
        dashboard.close();
        cluster.close();
    }

    private static SteeringCompleted steered(String tenant) {
        String id = "steer-" + tenant;
        return SteeringCompleted.newBuilder()
                .setRequestId(id)
                .setStatus(Status.OK)
                .setRequest(SteeringRequested.newBuilder()
                        .setRequestId(id)
                        .setPrompt(PromptSubmitted.newBuilder(texas.prompt())
                                .setPromptId(id)
                                .setTenant(tenant)
                                .build())
                        .build())
                .setProvenance(texas.circuit().getProvenance())
                .build();
    }

    private static void finding(String id, String promptId, String tenant) {
        AuditFinding finding = AuditEvents.finding(id, promptId, 1, AuditEvents.START);
        finding.setTenant(tenant);
        cluster.producer().send(Event.FINDINGS, id, AuditFinding.class, finding);
    }

    private static List<String> texts(ApiClient.Answer answer, String list, String field) throws Exception {
        assertThat(answer.status()).isEqualTo(200);
        return answer.json().path(list).findValuesAsText(field);
    }

    private static byte[] body(ApiClient.Answer answer) {
        return answer.response().body();
    }

    @Test
    void shouldAnswerAsIfItWereNotThereWhenAForeignPromptIsNamed() throws Exception {
        List<String> asked = new ArrayList<>();
        JsonNode paths = boss.get("/api/v1/openapi.json").json().path("paths");
        List<String> named = new ArrayList<>();
        paths.fieldNames().forEachRemaining(path -> named.add(path));
        named.removeIf(path -> !path.contains("{promptId}"));
        for (String path : named) {
            for (String stage : path.contains("{stage}") ? STAGES : List.of("")) {
                for (String method : List.of("GET", "PUT", "POST")) {
                    if (!paths.path(path).has(method.toLowerCase(Locale.ROOT))) {
                        continue;
                    }
                    String template = "/api/v1" + path.replace("{stage}", stage);
                    asked.add(method + " " + template);
                    assertHidden(method, template, null);
                    assertHidden(method, template, "{}".getBytes(UTF_8));
                    assertHidden(method, template, Json.bytes(Json.object().put("baseRevision", 0)));
                    if (method.equals("GET") && !stage.equals("other")) {
                        assertThat(lab.get(template.replace("{promptId}", "lab-1"))
                                        .status())
                                .as(template)
                                .isEqualTo(200);
                        assertThat(boss.get(template.replace("{promptId}", "acme-1"))
                                        .status())
                                .as(template)
                                .isEqualTo(200);
                    }
                }
            }
        }
        assertThat(asked).hasSizeGreaterThanOrEqualTo(14);
    }

    private static void assertHidden(String method, String template, byte[] body) throws Exception {
        ApiClient.Answer foreign = lab.call(method, template.replace("{promptId}", "acme-1"), body);
        ApiClient.Answer unknown = lab.call(method, template.replace("{promptId}", "none-1"), body);

        assertThat(foreign.status()).as(method + " " + template).isEqualTo(404);
        assertThat(body(foreign)).isEqualTo(body(unknown));
        assertThat(foreign.type()).isEqualTo(unknown.type());
    }

    @Test
    void shouldHideSteeringsWhenTheyAreForeign() throws Exception {
        ApiClient.Answer foreign = lab.get("/api/v1/steerings/steer-acme");
        ApiClient.Answer unknown = lab.get("/api/v1/steerings/steer-none");

        assertThat(foreign.status()).isEqualTo(404);
        assertThat(body(foreign)).isEqualTo(body(unknown));
        assertThat(lab.get("/api/v1/steerings/steer-lab").status()).isEqualTo(200);
        ApiClient.Answer ofForeign = lab.post("/api/v1/steerings", Map.of("promptId", "acme-1"));
        ApiClient.Answer ofUnknown = lab.post("/api/v1/steerings", Map.of("promptId", "none-1"));
        assertThat(ofForeign.status()).isEqualTo(400);
        assertThat(body(ofForeign)).isEqualTo(body(ofUnknown));
        assertThat(lab.post("/api/v1/steerings", Map.of("promptId", "lab-1")).status())
                .isEqualTo(202);
    }

    @Test
    void shouldShowOwnOnesOnlyWhenTracesAndFindingsAreListed() throws Exception {
        assertThat(texts(lab.get("/api/v1/traces?limit=1000"), "traces", "tenant"))
                .contains("lab")
                .isSubsetOf("lab", "lab2");
        assertThat(texts(lab.get("/api/v1/traces?tenant=acme"), "traces", "promptId"))
                .isEmpty();
        assertThat(texts(lab.get("/api/v1/traces?q=acme-1"), "traces", "promptId"))
                .isEmpty();
        assertThat(texts(boss.get("/api/v1/traces?q=acme-1"), "traces", "promptId"))
                .containsExactly("acme-1");
        assertThat(texts(lab.get("/api/v1/audit/findings"), "findings", "findingId"))
                .contains("finding-lab")
                .doesNotContain("finding-acme", "finding-window", "finding-acme-live");
        assertThat(texts(lab.get("/api/v1/audit/findings?promptId=acme-1"), "findings", "findingId"))
                .isEmpty();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(texts(boss.get("/api/v1/audit/findings"), "findings", "findingId"))
                        .contains("finding-lab", "finding-acme", "finding-window"));
    }

    @Test
    void shouldLeaveOutWhatIsQuotedOfPromptsWhenAFeatureIsShown() throws Exception {
        CircuitNode node = texas.circuit().getNodes().stream()
                .filter(each -> each.getKind() == NodeKind.FEATURE)
                .findFirst()
                .orElseThrow();
        String scan = texas.circuit().getProvenance().getScan();
        FeatureExample example = new FeatureExample(List.of("secret"), List.of(7), Columns.of(new float[] {1}), 0, 0);
        FeatureDescription description = FeatureDescription.newBuilder()
                .setScan(scan)
                .setLayer(node.getLayer())
                .setFeature(node.getFeature())
                .setProvenance(texas.circuit().getProvenance())
                .setQuantiles(List.of(new FeatureQuantile("Top activations", List.of(example))))
                .setPeakTokens(List.of(new TokenCount(7, "secret", 3L)))
                .setPromoted(List.of(new TokenEffect(8, "austin", 1f)))
                .build();
        String address = "/api/v1/features/" + scan + "/" + node.getLayer() + "/" + node.getFeature();
        cluster.producer().send(Event.FEATURES, "f", FeatureDescription.class, description);
        await().atMost(SOON)
                .until(() -> boss.get(address).json().path("described").booleanValue());

        JsonNode whole = boss.get(address).json();
        ApiClient.Answer withheld = lab.get(address);

        assertThat(whole.path("contextsWithheld").booleanValue()).isFalse();
        assertThat(whole.path("quantiles").toString()).contains("secret");
        assertThat(whole.path("traces").findValuesAsText("promptId")).contains("lab-1", "acme-1");
        assertThat(withheld.json().path("contextsWithheld").booleanValue()).isTrue();
        assertThat(withheld.json().path("quantiles")).isEmpty();
        assertThat(withheld.json().path("peakTokens")).isEmpty();
        assertThat(withheld.json().toString()).doesNotContain("secret").doesNotContain("acme");
        assertThat(withheld.json().path("traces").findValuesAsText("promptId")).contains("lab-1");
        assertThat(withheld.json().path("promoted").toString()).contains("austin");
    }

    @Test
    void shouldBeOfTheCallersFirstTenantWhenNoneIsNamed() throws Exception {
        Map<String, Object> prompt = Map.of("text", "fact : the capital of texas is");

        assertThat(tenantOf(lab.post("/api/v1/traces", prompt))).isEqualTo("lab");
        assertThat(tenantOf(lab.post("/api/v1/traces", Map.of("text", "a", "tenant", "lab2"))))
                .isEqualTo("lab2");
        assertThat(lab.post("/api/v1/traces", Map.of("text", "a", "tenant", "acme"))
                        .status())
                .isEqualTo(403);
        assertThat(tenantOf(boss.post("/api/v1/traces", prompt))).isEqualTo("default");
        assertThat(tenantOf(boss.post("/api/v1/traces", Map.of("text", "a", "tenant", "new"))))
                .isEqualTo("new");
        byte[] graph = body(lab.get("/api/v1/traces/lab-1/neuronpedia"));
        assertThat(tenantOf(lab.call("POST", "/api/v1/imports", graph))).isEqualTo("lab");
        assertThat(tenantOf(boss.call("POST", "/api/v1/imports?tenant=lab2", graph)))
                .isEqualTo("lab2");
        assertThat(tenantOf(boss.call("POST", "/api/v1/imports", graph))).isEqualTo("default");
    }

    private static String tenantOf(ApiClient.Answer sent) throws Exception {
        assertThat(sent.status()).isIn(201, 202);
        String address = "/api/v1/traces/" + sent.json().path("promptId").textValue();
        await().atMost(SOON).until(() -> boss.get(address).status() == 200);
        String tenant = boss.get(address).json().path("tenant").textValue();
        assertThat(lab.get(address).status()).isEqualTo(tenant.startsWith("lab") ? 200 : 404);
        return tenant;
    }

    @Test
    void shouldSlowDownATenantAloneWhenItHasARateOfItsOwn() throws Exception {
        Map<String, Object> slow = Map.of("text", "a", "tenant", "slow");

        assertThat(boss.post("/api/v1/traces", slow).status()).isEqualTo(202);
        assertThat(boss.post("/api/v1/traces", slow).status()).isEqualTo(202);
        assertThat(boss.post("/api/v1/traces", slow).status()).isEqualTo(429);
        assertThat(boss.post("/api/v1/traces", Map.of("text", "a", "tenant", "other"))
                        .status())
                .isEqualTo(202);
    }

    @Test
    void shouldTellOwnEventsOnlyWhenSomethingHappensAndWhenItIsTakenUpAgain() throws Exception {
        String before;
        try (LiveClient all = new LiveClient(boss, null);
                LiveClient own = new LiveClient(lab, null)) {
            await().atMost(SOON)
                    .until(() ->
                            !all.named("hello").isEmpty() && !own.named("hello").isEmpty());
            before = own.lastId();
            happen("acme");
            happen("lab2");
            await().atMost(SOON).untilAsserted(() -> {
                for (String name : List.of("progress", "steered", "annotations", "finding")) {
                    assertThat(of(all, name, "acme-live")).as(name).isNotEmpty();
                    assertThat(of(all, name, "lab2-live")).as(name).isNotEmpty();
                    assertThat(of(own, name, "lab2-live")).as(name).isNotEmpty();
                }
                assertThat(all.named("operations")).isNotEmpty();
                assertThat(all.named("behaviour")).isNotEmpty();
                assertThat(own.named("label")).isNotEmpty();
                assertCompleted(all, "acme-live");
                assertCompleted(own, "lab2-live");
            });
            assertOwn(own);
            assertThat(own.named("progress")).hasSize(1);
        }
        try (LiveClient all = new LiveClient(boss, before);
                LiveClient own = new LiveClient(lab, before)) {
            await().atMost(SOON).untilAsserted(() -> {
                assertCompleted(all, "acme-live");
                assertCompleted(own, "lab2-live");
                assertThat(of(all, "finding", "acme-live")).isNotEmpty();
                assertThat(of(own, "finding", "lab2-live")).isNotEmpty();
            });
            assertOwn(own);
        }
    }

    private static List<LiveClient.Received> of(LiveClient page, String name, String id) {
        return page.named(name).stream()
                .filter(event -> event.data().toString().contains(id))
                .toList();
    }

    private static void assertCompleted(LiveClient page, String promptId) {
        assertThat(of(page, "trace", promptId))
                .anyMatch(event -> event.data().path("state").asText().equals("COMPLETED"));
    }

    private static void assertOwn(LiveClient page) {
        assertThat(page.events).noneMatch(event -> event.data().toString().contains("acme"));
        assertThat(page.named("behaviour")).isEmpty();
        assertThat(page.named("operations")).isEmpty();
        assertThat(page.named("reset")).isEmpty();
    }

    private static void happen(String tenant) throws Exception {
        String id = tenant + "-live";
        cluster.producer()
                .send(
                        Event.PROMPTS,
                        id,
                        PromptSubmitted.class,
                        texas.renamed(id, tenant).prompt());
        await().atMost(SOON).until(() -> boss.get("/api/v1/traces/" + id).status() == 200);
        StageProgress progress = StageProgress.newBuilder()
                .setPromptId(id)
                .setStage("inference")
                .setState(ProgressState.RUNNING)
                .build();
        cluster.producer().send(Event.PROGRESS, id, StageProgress.class, progress);
        cluster.producer()
                .send(
                        Event.PROGRESS,
                        "unknown",
                        StageProgress.class,
                        StageProgress.newBuilder(progress)
                                .setPromptId("unknown-" + id)
                                .build());
        SteeringCompleted steered = steered(tenant);
        steered.setRequestId("steer-" + id);
        cluster.producer().send(Event.STEERED, "steer-" + id, SteeringCompleted.class, steered);
        finding("finding-" + id, id, tenant);
        ObjectNode pin = Json.object().put("baseRevision", 0).put("author", "a");
        pin.putArray("pins").add("x");
        assertThat(boss.put("/api/v1/traces/" + id + "/annotations", pin).status())
                .isEqualTo(200);
        cluster.producer().send(Event.BEHAVIOURS, tenant, BehaviourSummary.class, AuditEvents.summary(tenant, 300_000));
        FeatureLabel label = FeatureLabel.newBuilder()
                .setScan("s")
                .setLayer(1)
                .setFeature(2)
                .setLabel("shared")
                .setSource(LabelSource.PERSON)
                .setTime(Instant.ofEpochMilli(1))
                .build();
        cluster.producer().send(Event.LABELS, "s/1/2/person", FeatureLabel.class, label);
        cluster.send(texas.renamed(id, tenant));
    }
}
