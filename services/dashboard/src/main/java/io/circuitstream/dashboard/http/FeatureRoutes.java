package io.circuitstream.dashboard.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.dashboard.access.Role;
import io.circuitstream.dashboard.commands.EventProducer;
import io.circuitstream.dashboard.commands.Requests;
import io.circuitstream.dashboard.features.FeatureIndex;
import io.circuitstream.dashboard.features.FeatureKey;
import io.circuitstream.dashboard.features.FeatureRow;
import io.circuitstream.dashboard.features.FeatureTable;
import io.circuitstream.dashboard.json.EventJson;
import io.circuitstream.dashboard.json.FieldException;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.reading.View;
import io.circuitstream.dashboard.traces.Trace;
import io.circuitstream.events.FeatureLabel;
import io.circuitstream.events.LabelSource;
import io.circuitstream.events.Topics.Event;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of features, and naming them. */
final class FeatureRoutes {
    private static final int MOST_ROWS = 1_000;
    private static final int MOST_LOOKED_UP = 5_000;
    private static final int MOST_TRACES = 20;
    private static final int MOST_PASSED_OVER = 2_000;
    private static final List<String> QUOTING = List.of("quantiles", "peakTokens");

    private final View view;
    private final EventProducer producer;

    FeatureRoutes(View view, EventProducer producer) {
        this.view = view;
        this.producer = producer;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/features", Role.VIEWER, this::list),
                Route.get("/features/scatter", Role.VIEWER, this::scatter),
                Route.post("/features/lookup", Role.VIEWER, this::lookup),
                Route.get("/features/{scan}/{layer}/{feature}", Role.VIEWER, this::one),
                Route.put("/labels/{scan}/{layer}/{feature}", Role.OPERATOR, this::label)
                        .forAllTenants());
    }

    private void list(Context context) {
        FeatureIndex.Query query = new FeatureIndex.Query(
                Exchange.text(context, "scan"),
                Exchange.text(context, "layer") == null
                        ? null
                        : Exchange.number(context, "layer", 0, 0, Integer.MAX_VALUE),
                Exchange.text(context, "q"),
                sort(Exchange.text(context, "sort")));
        FeatureIndex.Page page = view.features()
                .page(
                        query,
                        Exchange.number(context, "offset", 0, 0, Integer.MAX_VALUE),
                        Exchange.number(context, "limit", 100, 1, MOST_ROWS));
        ObjectNode json = Json.object().put("total", page.total());
        ArrayNode rows = json.putArray("features");
        page.rows().forEach(row -> rows.add(row.json()));
        Exchange.json(context, 200, json);
    }

    private static FeatureIndex.Sort sort(@Nullable String text) {
        if (text == null) {
            return FeatureIndex.Sort.INFLUENCE;
        }
        for (FeatureIndex.Sort sort : FeatureIndex.Sort.values()) {
            if (sort.name().toLowerCase(Locale.ROOT).equals(text)) {
                return sort;
            }
        }
        throw ProblemException.badRequest("sort must be one of influence, density, label, score");
    }

    private void scatter(Context context) {
        String scan = Exchange.text(context, "scan");
        if (scan == null) {
            throw ProblemException.badRequest("scan is missing");
        }
        Collection<FeatureRow> rows = view.features().of(scan);
        ObjectNode json = Json.object();
        ArrayNode layer = json.putArray("layer");
        ArrayNode feature = json.putArray("feature");
        ArrayNode density = json.putArray("density");
        ArrayNode influence = json.putArray("influence");
        for (FeatureRow row : rows) {
            layer.add(row.layer());
            feature.add(row.feature());
            density.add((float) row.density());
            influence.add((float) row.influence());
        }
        Exchange.json(context, 200, json);
    }

    private void lookup(Context context) throws IOException {
        JsonNode body = Exchange.body(context);
        String scan = Requests.text(body, "scan");
        JsonNode features = body.path("features");
        if (scan == null || !features.isArray() || features.size() > MOST_LOOKED_UP) {
            throw new FieldException(
                    scan == null ? "scan" : "features", "must be given, at most " + MOST_LOOKED_UP + " features");
        }
        ObjectNode json = Json.object();
        ArrayNode labels = json.putArray("labels");
        for (JsonNode pair : features) {
            if (!pair.path(0).isInt() || !pair.path(1).isInt()) {
                throw new FieldException("features", "must be pairs of layer and feature");
            }
            FeatureKey key =
                    new FeatureKey(scan, pair.path(0).intValue(), pair.path(1).intValue());
            labels.add(view.features()
                    .find(key)
                    .map(FeatureRow::label)
                    .filter(label -> !label.isEmpty())
                    .orElse(null));
        }
        Exchange.json(context, 200, json);
    }

    private static FeatureKey key(Context context) {
        return new FeatureKey(
                context.pathParam("scan"),
                Exchange.pathNumber(context, "layer"),
                Exchange.pathNumber(context, "feature"));
    }

    private void one(Context context) {
        FeatureKey key = key(context);
        Optional<FeatureRow> row = view.features().find(key).or(() -> FeatureTable.row(view.store(), key));
        if (row.isEmpty()) {
            throw ProblemException.notFound("nothing is known of this feature yet");
        }
        ObjectNode json = FeatureTable.description(view.store(), key)
                .map(bytes -> EventJson.tree(view.types().decode(Event.FEATURES, bytes)))
                .orElseGet(Json::object);
        boolean described = !json.isEmpty();
        ObjectNode known = row.get().json();
        for (String name :
                List.of("scan", "layer", "feature", "label", "labelSource", "density", "influence", "circuits")) {
            json.set(name, known.get(name));
        }
        json.put("described", described);
        withhold(json, !Caller.tenants(context).areAll());
        uses(context, key, json.putArray("traces"));
        Exchange.json(context, 200, json);
    }

    /** What is quoted of prompts goes, whosever they were: a description does not say. */
    private static void withhold(ObjectNode json, boolean contexts) {
        json.put("contextsWithheld", contexts);
        if (contexts) {
            QUOTING.stream().filter(json::has).forEach(json::putArray);
        }
    }

    /** The newest circuits that it is in, of those that the caller sees. */
    private void uses(Context context, FeatureKey key, ArrayNode traces) {
        FeatureTable.uses(view.store(), key, MOST_PASSED_OVER, use -> {
            Optional<Trace> trace = TraceRoutes.find(view, context, use.promptId());
            trace.ifPresent(seen -> traces.addObject()
                    .put("promptId", use.promptId())
                    .put("text", seen.text())
                    .put("influence", use.use().influence())
                    .put("position", use.use().position()));
            return traces.size() < MOST_TRACES;
        });
    }

    /** An empty label takes it back. */
    private void label(Context context) throws IOException {
        FeatureKey key = key(context);
        JsonNode body = Exchange.body(context);
        String label = Requests.text(body, "label");
        if (label == null) {
            throw new FieldException("label", "is missing; an empty one takes the label back");
        }
        String author = Requests.text(body, "author");
        String id = key.scan() + "/" + key.layer() + "/" + key.feature() + "/person";
        if (label.isBlank()) {
            producer.remove(Event.LABELS, id);
        } else {
            FeatureLabel event = FeatureLabel.newBuilder()
                    .setScan(key.scan())
                    .setLayer(key.layer())
                    .setFeature(key.feature())
                    .setLabel(Requests.brief("label", label.strip()))
                    .setSource(LabelSource.PERSON)
                    .setAuthor(author == null ? "" : Requests.brief("author", author))
                    .setTime(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                    .build();
            producer.send(Event.LABELS, id, FeatureLabel.class, event);
        }
        Exchange.json(context, 202, Json.object());
    }
}
