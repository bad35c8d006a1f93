package io.circuitstream.dashboard.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.dashboard.access.Role;
import io.circuitstream.dashboard.features.EdgeTable;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.reading.View;
import io.circuitstream.dashboard.traces.TrustTable;
import io.circuitstream.dashboard.training.TrainingTable;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sums over many prompts, and training. */
final class AuditRoutes {
    private static final int MOST_EDGES = 500;
    private static final long EDGES_LAST_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final List<String> FIGURES = List.of(
            "kind",
            "name",
            "l0",
            "normalisedMse",
            "explainedVariance",
            "top1Agreement",
            "replacementScore",
            "completenessScore",
            "features",
            "deadFraction");

    private final View view;
    private final @Nullable Path evaluation;
    private List<EdgeTable.Recurring> edges = List.of();
    private long edgesRead = Long.MIN_VALUE;

    AuditRoutes(View view, @Nullable Path evaluation) {
        this.view = view;
        this.evaluation = evaluation;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/training", Role.VIEWER, this::training),
                Route.get("/training/{runId}", Role.VIEWER, this::run),
                Route.get("/evaluation", Role.VIEWER, this::evaluation),
                Route.get("/audit/trust", Role.VIEWER, this::trust).forAllTenants(),
                Route.get("/audit/edges", Role.VIEWER, this::edges).forAllTenants());
    }

    private void training(Context context) {
        ObjectNode json = Json.object();
        json.set("runs", TrainingTable.runs(view.store()));
        Exchange.json(context, 200, json);
    }

    private void run(Context context) {
        ArrayNode points = TrainingTable.points(view.store(), context.pathParam("runId"));
        if (points.isEmpty()) {
            throw ProblemException.notFound("this run is not known here");
        }
        ObjectNode json = Json.object();
        json.set("points", points);
        Exchange.json(context, 200, json);
    }

    private void evaluation(Context context) throws IOException {
        if (evaluation == null || !Files.isRegularFile(evaluation)) {
            throw ProblemException.notFound(
                    "this deployment has no evaluation: set circuitstream.dashboard.evaluation");
        }
        ObjectNode json = Json.object();
        ArrayNode points = json.putArray("points");
        for (JsonNode point : Json.MAPPER.readTree(evaluation.toFile()).path("points")) {
            ObjectNode figures = points.addObject();
            FIGURES.forEach(name -> figures.set(name, point.get(name)));
        }
        Exchange.json(context, 200, json);
    }

    private void trust(Context context) {
        ObjectNode json = Json.object();
        ArrayNode buckets = json.putArray("buckets");
        TrustTable.read(view.store()).forEach((from, bucket) -> buckets.addObject()
                .put("from", from)
                .put("supported", bucket.supported())
                .put("mixed", bucket.mixed())
                .put("unsupported", bucket.unsupported())
                .put("untested", bucket.untested())
                .put("failed", bucket.failed())
                .put("replacementScore", mean(bucket.replacementScore(), bucket.scored()))
                .put("completenessScore", mean(bucket.completenessScore(), bucket.scored())));
        Exchange.json(context, 200, json);
    }

    private static @Nullable Double mean(double sum, int count) {
        return count == 0 ? null : (Double) (sum / count);
    }

    private void edges(Context context) {
        int limit = Exchange.number(context, "limit", 50, 1, MOST_EDGES);
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("edges");
        mostRecurring().stream().limit(limit).forEach(edge -> list.add(edge.json()));
        Exchange.json(context, 200, json);
    }

    /** All edges are read for it, so not for every question. */
    private synchronized List<EdgeTable.Recurring> mostRecurring() {
        long now = System.nanoTime();
        if (edgesRead == Long.MIN_VALUE || now - edgesRead > EDGES_LAST_NANOS) {
            edges = EdgeTable.most(view.store(), MOST_EDGES);
            edgesRead = now;
        }
        return edges;
    }
}
