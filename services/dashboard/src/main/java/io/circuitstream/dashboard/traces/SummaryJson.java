package io.circuitstream.dashboard.traces;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.dashboard.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A trace as one row of the live view. What is not known yet is null. */
public final class SummaryJson {
    private SummaryJson() {}

    public static ObjectNode of(Trace trace) {
        ObjectNode json = Json.object();
        submission(json, trace);
        json.put("submittedAt", trace.submission().at())
                .put("updatedAt", trace.updatedAt())
                .put("stage", trace.stage().spelling())
                .put("state", trace.state().name())
                .put("message", trace.failure() == null ? null : trace.failure().message());
        inference(json, trace.inference());
        scores(json, trace.graph(), trace.circuit());
        report(json, trace.report());
        ObjectNode millis = json.putObject("stageMs");
        for (Stage stage : List.of(Stage.INFERENCE, Stage.ATTRIBUTION, Stage.PRUNING, Stage.VALIDATION)) {
            millis.put(stage.spelling(), trace.millis(stage).orElse(null));
        }
        return json.put("imported", trace.imported());
    }

    private static void submission(ObjectNode json, Trace trace) {
        Model model = trace.model();
        json.put("promptId", trace.promptId())
                .put("text", trace.text())
                .put("model", model == null ? null : model.name())
                .put("modelHash", model == null ? null : model.hash())
                .put("scan", model == null ? null : model.scan())
                .put("tenant", trace.submission().tenant());
        ArrayNode tags = json.putArray("tags");
        trace.submission().tags().forEach(tags::add);
    }

    private static void inference(ObjectNode json, @Nullable InferenceFigures figures) {
        ArrayNode top = json.putArray("topLogits");
        if (figures == null) {
            json.putNull("tokens").putNull("activeFeatures").putNull("sameTopToken");
            return;
        }
        ArrayNode tokens = json.putArray("tokens");
        figures.tokens().forEach(tokens::add);
        figures.top()
                .forEach(each -> top.addObject().put("token", each.token()).put("probability", each.probability()));
        json.put("activeFeatures", figures.activeFeatures()).put("sameTopToken", figures.sameTopToken());
    }

    private static void scores(ObjectNode json, @Nullable GraphFigures graph, @Nullable CircuitFigures circuit) {
        json.put("nodes", circuit == null ? null : circuit.nodes())
                .put("edges", circuit == null ? null : circuit.edges())
                .put("replacementScore", graph == null ? null : known(graph.replacementScore()))
                .put("completenessScore", graph == null ? null : known(graph.completenessScore()))
                .put("skippedInfluenceBound", graph == null ? null : known(graph.skippedInfluenceBound()))
                .put("circuitReplacementScore", circuit == null ? null : known(circuit.replacementScore()))
                .put("circuitCompletenessScore", circuit == null ? null : known(circuit.completenessScore()));
    }

    private static void report(ObjectNode json, @Nullable ReportFigures report) {
        json.put("confirmed", report == null ? null : report.confirmed())
                .put("refuted", report == null ? null : report.refuted())
                .put("inconclusive", report == null ? null : report.inconclusive())
                .put("verdict", report == null ? null : report.verdict().name());
    }

    private static @Nullable Double known(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
