package io.circuitstream.dashboard.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.dashboard.access.Role;
import io.circuitstream.dashboard.annotations.AnnotationTable;
import io.circuitstream.dashboard.commands.Annotator;
import io.circuitstream.dashboard.commands.StaleException;
import io.circuitstream.dashboard.features.FeatureKey;
import io.circuitstream.dashboard.features.FeatureRow;
import io.circuitstream.dashboard.graphs.NeuronpediaFile;
import io.circuitstream.dashboard.graphs.Selection;
import io.circuitstream.dashboard.json.FieldException;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.reading.View;
import io.circuitstream.dashboard.traces.Stage;
import io.circuitstream.dashboard.traces.Trace;
import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What people add to a circuit, and what comes of it. */
final class AnnotationRoutes {
    private static final ObjectNode NONE = Json.object().put("revision", 0);

    private final View view;
    private final Annotator annotator;

    AnnotationRoutes(View view, Annotator annotator) {
        this.view = view;
        this.annotator = annotator;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/traces/{promptId}/annotations", Role.VIEWER, this::get),
                Route.put("/traces/{promptId}/annotations", Role.OPERATOR, this::put),
                Route.post("/traces/{promptId}/scores", Role.VIEWER, this::scores),
                Route.get("/traces/{promptId}/neuronpedia", Role.VIEWER, this::neuronpedia));
    }

    private ObjectNode annotations(String promptId) {
        return AnnotationTable.find(view.store(), promptId).orElseGet(() -> {
            ObjectNode none = NONE.deepCopy();
            none.putArray("pins");
            none.putArray("supernodes");
            none.putObject("labels");
            return none.put("author", "").putNull("at");
        });
    }

    private void get(Context context) {
        TraceRoutes.trace(view, context);
        String promptId = context.pathParam("promptId");
        ObjectNode json = annotations(promptId);
        json.set("history", AnnotationTable.history(view.store(), promptId));
        Exchange.json(context, 200, json);
    }

    private void put(Context context) throws IOException {
        TraceRoutes.trace(view, context);
        String promptId = context.pathParam("promptId");
        try {
            int revision = annotator.put(promptId, Exchange.body(context));
            Exchange.json(context, 200, Json.object().put("revision", revision));
        } catch (StaleException e) {
            throw ProblemException.conflict(e.getMessage(), annotations(promptId));
        }
    }

    private void scores(Context context) throws IOException {
        Trace trace = TraceRoutes.trace(view, context);
        JsonNode body = Exchange.body(context);
        Set<String> ids = new HashSet<>();
        addIds(body.path("nodes"), "nodes", ids);
        for (JsonNode supernode : body.path("supernodes")) {
            addIds(supernode.path("nodes"), "supernodes.nodes", ids);
        }
        Circuit circuit = circuit(trace);
        PrunedGraph.Scores scores =
                trace.imported() ? Selection.scores(circuit, ids) : Selection.scores(graph(trace), circuit, ids);
        Exchange.json(
                context,
                200,
                Json.object().put("replacement", scores.replacement()).put("completeness", scores.completeness()));
    }

    private static void addIds(JsonNode list, String name, Set<String> ids) {
        if (!list.isArray() && !list.isMissingNode()) {
            throw new FieldException(name, "must be a list of node ids");
        }
        for (JsonNode id : list) {
            if (!id.isTextual()) {
                throw new FieldException(name, "must be a list of node ids");
            }
            ids.add(id.textValue());
        }
    }

    private AttributionGraph graph(Trace trace) {
        return view.graph(trace)
                .orElseThrow(() ->
                        ProblemException.notFound("the prompt's graph is not in its topic, not yet or not any more"));
    }

    private Circuit circuit(Trace trace) {
        return (Circuit) view.event(trace, Stage.PRUNING)
                .orElseThrow(() -> ProblemException.notFound("there is no circuit for this prompt, or not yet"));
    }

    private void neuronpedia(Context context) {
        Trace trace = TraceRoutes.trace(view, context);
        Circuit circuit = circuit(trace);
        String scan = circuit.getProvenance().getScan();
        ObjectNode file = NeuronpediaFile.of(circuit, node -> label(scan, node), annotations(trace.promptId()));
        Exchange.download(context, trace.promptId() + ".json", Json.bytes(file));
    }

    private String label(String scan, CircuitNode node) {
        Optional<FeatureRow> row = view.features().find(new FeatureKey(scan, node.getLayer(), node.getFeature()));
        return row.map(FeatureRow::label).orElse("");
    }
}
