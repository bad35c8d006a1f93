package io.circuitstream.dashboard.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.dashboard.access.Role;
import io.circuitstream.dashboard.access.Tenants;
import io.circuitstream.dashboard.json.EventJson;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.reading.View;
import io.circuitstream.dashboard.traces.Mark;
import io.circuitstream.dashboard.traces.Stage;
import io.circuitstream.dashboard.traces.SummaryJson;
import io.circuitstream.dashboard.traces.Trace;
import io.circuitstream.dashboard.traces.TraceFilter;
import io.circuitstream.dashboard.traces.TraceTable;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.Columns;
import io.circuitstream.events.Provenance;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;

/** What became of prompts. */
final class TraceRoutes {
    private static final int MOST_TRACES = 1_000;
    private static final Set<String> FEATURE_COLUMNS =
            Set.of("featureLayer", "featurePosition", "featureIndex", "featureActivation");

    private final View view;

    TraceRoutes(View view) {
        this.view = view;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/traces", Role.VIEWER, this::list),
                Route.get("/traces/{promptId}", Role.VIEWER, this::one),
                Route.get("/traces/{promptId}/inference", Role.VIEWER, c -> whole(c, Stage.INFERENCE, FEATURE_COLUMNS)),
                Route.get("/traces/{promptId}/circuit", Role.VIEWER, this::circuit),
                Route.get("/traces/{promptId}/validation", Role.VIEWER, c -> whole(c, Stage.VALIDATION, Set.of())),
                Route.get("/traces/{promptId}/events/{stage}", Role.VIEWER, this::download));
    }

    private void list(Context context) {
        TraceFilter filter = new TraceFilter(
                Exchange.text(context, "tenant"),
                Exchange.text(context, "tag"),
                Exchange.text(context, "model"),
                Exchange.text(context, "verdict"),
                Exchange.text(context, "state"),
                Exchange.text(context, "q"));
        String before = Exchange.text(context, "before");
        int limit = Exchange.number(context, "limit", 100, 1, MOST_TRACES);
        TraceTable.Page page;
        try {
            Tenants tenants = Caller.tenants(context);
            page = TraceTable.page(
                    view.store(),
                    before,
                    limit,
                    trace -> tenants.include(trace.submission().tenant()) && filter.accepts(trace));
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("before must be a 'next' of an earlier answer");
        }
        ObjectNode json = Json.object();
        ArrayNode traces = json.putArray("traces");
        page.traces().forEach(trace -> traces.add(SummaryJson.of(trace)));
        Exchange.json(context, 200, json.put("next", page.next()));
    }

    private void one(Context context) {
        Trace trace = trace(view, context);
        ObjectNode json = SummaryJson.of(trace);
        json.set("request", view.request(trace).map(EventJson::tree).orElse(null));
        json.set("provenance", view.newest(trace).map(TraceRoutes::provenance).orElse(null));
        ArrayNode history = json.putArray("history");
        for (Mark mark : trace.marks()) {
            history.addObject()
                    .put("stage", mark.stage().spelling())
                    .put("at", mark.at())
                    .put("topic", mark.topic())
                    .put("partition", mark.partition())
                    .put("offset", mark.offset());
        }
        Exchange.json(context, 200, json);
    }

    private static ObjectNode provenance(SpecificRecord event) {
        int place = event.getSchema().getField("provenance").pos();
        return EventJson.tree((Provenance) event.get(place));
    }

    private void whole(Context context, Stage stage, Set<String> leftOut) {
        SpecificRecord event = event(context, stage);
        Exchange.document(context, 200, EventJson.document(out -> {
            out.writeStartObject();
            EventJson.fields(out, event, leftOut);
            out.writeEndObject();
        }));
    }

    private void circuit(Context context) {
        Circuit circuit = (Circuit) event(context, Stage.PRUNING);
        Exchange.document(context, 200, EventJson.document(out -> {
            out.writeStartObject();
            EventJson.fields(out, circuit, Set.of());
            targetAbsSum(out, circuit);
            out.writeEndObject();
        }));
    }

    /** What the widths of edges are shares of. */
    private static void targetAbsSum(JsonGenerator out, Circuit circuit) throws IOException {
        double[] sums = new double[circuit.getNodes().size()];
        int[] target = Columns.ints(circuit.getEdgeTarget());
        float[] weight = Columns.floats(circuit.getEdgeWeight());
        for (int e = 0; e < target.length; e++) {
            sums[target[e]] += Math.abs(weight[e]);
        }
        out.writeArrayFieldStart("targetAbsSum");
        for (double sum : sums) {
            out.writeNumber((float) sum);
        }
        out.writeEndArray();
    }

    private void download(Context context) {
        Stage stage = Stage.of(context.pathParam("stage"))
                .orElseThrow(() -> ProblemException.notFound(
                        "stage must be one of prompts, inference, attribution, pruning, validation"));
        SpecificRecord event = event(context, stage);
        String name = context.pathParam("promptId") + "-" + stage.spelling() + ".json";
        Exchange.download(context, name, EventJson.avro(event));
    }

    private SpecificRecord event(Context context, Stage stage) {
        Trace trace = trace(view, context);
        return view.event(trace, stage)
                .orElseThrow(() -> ProblemException.notFound(
                        "there is no result of " + stage.spelling() + " for this prompt, or not yet"));
    }

    /** A prompt of a tenant whom the caller does not see is as one that there is not. */
    static Optional<Trace> find(View view, Context context, String promptId) {
        Tenants tenants = Caller.tenants(context);
        return TraceTable.find(view.store(), promptId)
                .filter(trace -> tenants.include(trace.submission().tenant()));
    }

    static Trace trace(View view, Context context) {
        return find(view, context, context.pathParam("promptId"))
                .orElseThrow(() -> ProblemException.notFound("this prompt is not known here"));
    }
}
