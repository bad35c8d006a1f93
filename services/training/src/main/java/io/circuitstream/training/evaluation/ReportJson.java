package io.circuitstream.training.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** {@code evaluation.json}, which is also what {@code evaluate --json} prints. Numbers have six significant digits, NaN is null. */
final class ReportJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private ReportJson() {}

    static String text(EvaluationReport report) {
        ObjectNode root = JsonNodeFactory.withExactBigDecimals(true).objectNode();
        points(root.putArray("points"), report.points());
        shipped(root.putObject("shipped"), report.shipped());
        model(root.putObject("model"), report.model());
        provenance(root.putObject("provenance"), report);
        try {
            return JSON.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of numbers and strings can always be written", e);
        }
    }

    /** The first that ships has the point's own keys, so that readers of one find it; the rest follow under {@code others}. */
    private static void shipped(ObjectNode node, List<EvaluationPoint> shipped) {
        if (!shipped.isEmpty()) {
            point(node, shipped.get(0));
            points(node.putArray("others"), shipped.subList(1, shipped.size()));
        }
    }

    private static void points(ArrayNode array, List<EvaluationPoint> points) {
        points.forEach(point -> point(array.addObject(), point));
    }

    private static void point(ObjectNode node, EvaluationPoint point) {
        EvaluationFigures figures = point.figures();
        node.put("kind", point.kind().id());
        node.put("name", point.name());
        put(node, "targetL0", point.targetL0());
        put(node, "l0", figures.l0());
        put(node, "normalisedMse", figures.normalisedMse());
        put(node, "explainedVariance", figures.explainedVariance());
        put(node, "top1Agreement", figures.top1Agreement());
        put(node, "top1AgreementAnswers", figures.top1AgreementAnswers());
        put(node, "klDivergence", figures.klDivergence());
        put(node, "klDivergenceAnswers", figures.klDivergenceAnswers());
        put(node, "replacementScore", figures.replacementScore());
        put(node, "completenessScore", figures.completenessScore());
        put(node, "pathLength", figures.pathLength());
        put(node, "deadFraction", figures.deadFraction());
        node.put("features", figures.features());
        node.put("parameters", figures.parameters());
        node.put("documents", figures.documents());
        node.put("tokens", figures.tokens());
        graphs(node, figures.graphs());
        ArrayNode byLayer = node.putArray("byLayer");
        figures.byLayer().forEach(layer -> layer(byLayer.addObject(), layer));
        ArrayNode byGroup = node.putArray("byGroup");
        figures.byGroup().forEach(group -> group(byGroup.addObject(), group));
    }

    private static void layer(ObjectNode node, EvaluationFigures.LayerFigures layer) {
        node.put("layer", layer.layer());
        put(node, "l0", layer.l0());
        put(node, "normalisedMse", layer.normalisedMse());
        put(node, "explainedVariance", layer.explainedVariance());
        put(node, "deadFraction", layer.deadFraction());
        node.put("features", layer.features());
    }

    private static void group(ObjectNode node, EvaluationFigures.GroupFigures group) {
        node.put("group", group.group());
        put(node, "top1Agreement", group.top1Agreement());
        put(node, "top1AgreementAnswers", group.top1AgreementAnswers());
        put(node, "klDivergence", group.klDivergence());
        put(node, "klDivergenceAnswers", group.klDivergenceAnswers());
        put(node, "replacementScore", group.replacementScore());
        put(node, "completenessScore", group.completenessScore());
        put(node, "pathLength", group.pathLength());
        node.put("documents", group.documents());
        node.put("tokens", group.tokens());
        graphs(node, group.graphs());
    }

    private static void graphs(ObjectNode node, EvaluationFigures.GraphSizes sizes) {
        ObjectNode graphs = node.putObject("graphs");
        graphs.put("prompts", sizes.prompts());
        put(graphs, "activeFeatures", sizes.activeFeatures());
        put(graphs, "edges", sizes.edges());
        put(graphs, "conservationError", sizes.conservationError());
    }

    private static void model(ObjectNode node, EvaluatedModel model) {
        node.put("name", model.name());
        node.put("hash", model.hash());
        node.put("layers", model.layers());
        node.put("width", model.width());
        node.put("parameters", model.parameters());
        ArrayNode tasks = node.putArray("tasks");
        for (EvaluatedModel.TaskAccuracy task : model.tasks()) {
            ObjectNode one = tasks.addObject();
            one.put("task", task.task());
            put(one, "heldOutAccuracy", task.heldOutAccuracy());
            one.put("prompts", task.prompts());
        }
    }

    private static void provenance(ObjectNode node, EvaluationReport report) {
        EvaluationProvenance provenance = report.provenance();
        node.put("codeVersion", provenance.code().version());
        node.put("commit", provenance.code().commit());
        node.put("modelHash", report.model().hash());
        node.put("split", provenance.split());
        node.put("promptsPerGroup", provenance.promptsPerGroup());
        node.put("graphsPerGroup", provenance.graphsPerGroup());
        node.put("seed", provenance.seed());
        ObjectNode scans = node.putObject("scans");
        provenance.scans().forEach(scans::put);
    }

    private static void put(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, Decimals.rounded(value));
        } else {
            node.putNull(name);
        }
    }
}
