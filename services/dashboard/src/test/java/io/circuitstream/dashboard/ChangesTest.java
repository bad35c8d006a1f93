package io.circuitstream.dashboard;

import static io.circuitstream.dashboard.RunningDashboard.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.NodeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people change in circuits: annotations, labels, imported graphs. */
@ExtendWith(RunningDashboard.Once.class)
class ChangesTest {
    private static final String HOSTILE = "<script>alert(1)</script> \u202Eevil\u0007 fact";

    private final RunningDashboard dashboard;
    private final ApiClient api;
    private final PipelineResults texas;

    ChangesTest(RunningDashboard dashboard) {
        this.dashboard = dashboard;
        this.api = dashboard.api;
        this.texas = dashboard.texas;
    }

    private JsonNode ok(String path) throws Exception {
        return dashboard.ok(path);
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
        dashboard.cluster.send(texas.renamed("contended"));
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

    private String label(ObjectNode lookup) throws Exception {
        return api.post("/api/v1/features/lookup", lookup)
                .json()
                .path("labels")
                .path(0)
                .asText("")
                .replace("null", "");
    }
}
