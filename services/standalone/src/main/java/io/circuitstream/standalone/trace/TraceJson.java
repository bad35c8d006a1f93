package io.circuitstream.standalone.trace;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.Claim;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.ValidationReport;

/** A trace as the JSON object that {@code trace --json} promises. */
public final class TraceJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TraceJson() {}

    /** The object of one trace; {@code loadMs} is 0 when a deployment had the model loaded. */
    public static ObjectNode of(Trace trace, long loadMs) {
        InferenceCompleted inference = trace.inference();
        Circuit circuit = trace.circuit();
        Provenance provenance = trace.report().getProvenance();
        ObjectNode json = JSON.createObjectNode()
                .put("promptId", inference.getPromptId())
                .put("status", trace.report().getStatus().name())
                .put("message", trace.report().getMessage())
                .put("model", provenance.getModelName())
                .put("scan", provenance.getScan());
        inference.getWarnings().forEach(json.putArray("warnings")::add);
        inference.getTokens().forEach(json.putArray("tokens")::add);
        offsets(json, inference);
        inference.getTopLogits().forEach(t -> json.withArray("logits")
                .addObject()
                .put("token", t.getToken())
                .put("id", t.getId())
                .put("probability", t.getProbability()));
        json.put("activeFeatures", circuit.getActiveFeatures())
                .put("rows", circuit.getRows())
                .put("storedEdges", circuit.getStoredEdges())
                .put("nodes", circuit.getNodes().size())
                .put("edges", circuit.getEdgeWeight().remaining() / Float.BYTES)
                .put("replacementScore", circuit.getReplacementScore())
                .put("completenessScore", circuit.getCompletenessScore())
                .put("circuitReplacementScore", circuit.getCircuitReplacementScore())
                .put("circuitCompletenessScore", circuit.getCircuitCompletenessScore())
                .put("skippedRows", circuit.getSkippedRows())
                .put("skippedInfluenceBound", circuit.getSkippedInfluenceBound())
                .put("leftOutEdges", circuit.getLeftOutEdges())
                .put("leftOutInfluenceBound", circuit.getLeftOutInfluenceBound());
        CircuitJson.addTo(json, circuit);
        timings(json.putObject("timings"), trace, loadMs);
        validation(json.putObject("validation"), trace.report());
        provenance(json.putObject("provenance"), provenance);
        return json;
    }

    /** [start, end) of each token in the text; null for one that the text does not have. */
    private static void offsets(ObjectNode json, InferenceCompleted inference) {
        json.put("text", inference.getText());
        ArrayNode offsets = json.putArray("offsets");
        for (int i = 0; i < inference.getTokenStart().size(); i++) {
            int start = inference.getTokenStart().get(i);
            if (start < 0) {
                offsets.addNull();
            } else {
                offsets.addArray().add(start).add(inference.getTokenEnd().get(i));
            }
        }
    }

    private static void timings(ObjectNode json, Trace trace, long loadMs) {
        json.put("loadMs", loadMs)
                .put("forwardMs", trace.stageMs().get("inference"))
                .put("attributionMs", trace.stageMs().get("attribution"))
                .put("pruningMs", trace.stageMs().get("pruning"))
                .put("validationMs", trace.stageMs().get("validation"))
                .put("totalMs", trace.totalMs());
    }

    private static void validation(ObjectNode json, ValidationReport report) {
        json.put("claims", report.getClaims().size())
                .put("confirmed", report.getConfirmed())
                .put("refuted", report.getRefuted())
                .put("inconclusive", report.getInconclusive())
                .put("spearman", report.getSpearman())
                .put("bestSpearman", report.getBestSpearman())
                .put("featureSpearman", report.getFeatureSpearman())
                .put("divergenceSpearman", report.getDivergenceSpearman())
                .put("completeness", report.getCompleteness())
                .put("replacementAgrees", report.getReplacementAgrees())
                .put("verdict", report.getVerdict().name());
        ArrayNode supernodes = json.putArray("supernodes");
        report.getClaims().stream()
                .filter(claim -> !claim.getSources().isEmpty())
                .forEach(claim -> supernode(supernodes.addObject(), claim));
    }

    /** A claim about several nodes at once, all by their ids. */
    private static void supernode(ObjectNode json, Claim claim) {
        claim.getSources().forEach(json.putArray("nodes")::add);
        json.put("target", claim.getTarget())
                .put("predicted", claim.getPredicted())
                .put("measuredOwnLayer", claim.getMeasuredOwnLayer())
                .put("measuredAllLayers", claim.getMeasuredAllLayers());
        claim.getControls().forEach(json.putArray("controls")::add);
        json.put("verdict", claim.getVerdict().name());
    }

    private static void provenance(ObjectNode json, Provenance provenance) {
        json.put("modelName", provenance.getModelName())
                .put("modelHash", provenance.getModelHash())
                .put("scan", provenance.getScan())
                .put("codeVersion", provenance.getCodeVersion())
                .put("dtype", provenance.getDtype())
                .put("threads", provenance.getThreads())
                .put("sourceTopic", provenance.getSource().getTopic())
                .put("sourceSha256", provenance.getSource().getSha256());
    }
}
