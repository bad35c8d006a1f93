package io.circuitstream.dashboard.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.circuitstream.dashboard.access.Role;
import io.circuitstream.dashboard.json.EventJson;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.reading.View;
import io.circuitstream.dashboard.traces.ServedModel;
import io.circuitstream.dashboard.traces.Totals;
import io.circuitstream.events.AttributionSettings;
import io.circuitstream.events.PruningSettings;
import io.circuitstream.events.ValidationSettings;
import io.circuitstream.platform.provenance.CodeVersion;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the page must know before it shows anything, and the description of the API. */
final class ConfigRoutes {
    private final View view;
    private final Limits limits;
    private final boolean authRequired;
    private final String topicPrefix;
    private final @Nullable ServedModel served;

    /** What requests may have at most. */
    record Limits(int maxPromptCharacters, int maxUploadBytes) {}

    ConfigRoutes(View view, Limits limits, boolean authRequired, String topicPrefix, @Nullable ServedModel served) {
        this.view = view;
        this.limits = limits;
        this.authRequired = authRequired;
        this.topicPrefix = topicPrefix;
        this.served = served;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/config", Role.VIEWER, this::config),
                Route.get("/openapi.json", Role.VIEWER, ConfigRoutes::openApi));
    }

    private void config(Context context) {
        CodeVersion code = CodeVersion.current();
        ObjectNode json = Json.object()
                .put("version", code.version())
                .put("commit", System.getProperty("circuitstream.commit", code.commit()))
                .put("authRequired", authRequired)
                .put("topicPrefix", topicPrefix);
        models(json.putArray("models"));
        json.putObject("limits")
                .put("maxPromptCharacters", limits.maxPromptCharacters())
                .put("maxTokens", served == null ? null : served.maxTokens())
                .put("maxUploadBytes", limits.maxUploadBytes());
        ObjectNode defaults = json.putObject("defaults");
        defaults.set(
                "attribution", EventJson.tree(AttributionSettings.newBuilder().build()));
        defaults.set("pruning", EventJson.tree(PruningSettings.newBuilder().build()));
        defaults.set(
                "validation", EventJson.tree(ValidationSettings.newBuilder().build()));
        Exchange.json(context, 200, json);
    }

    /** The one that is served first, then those that results are known of. */
    private void models(ArrayNode models) {
        if (served != null) {
            models.add(Json.tree(served));
        }
        Totals.read(view.store()).models().forEach((scan, model) -> {
            if (served == null || !served.scan().equals(scan)) {
                models.addObject()
                        .put("model", model.name())
                        .put("modelHash", model.hash())
                        .put("scan", scan)
                        .put("layers", model.layers())
                        .putNull("features")
                        .putNull("maxTokens");
            }
        });
    }

    private static void openApi(Context context) throws IOException {
        try (InputStream in = ConfigRoutes.class.getResourceAsStream("/openapi.yaml")) {
            if (in == null) {
                throw ProblemException.notFound("This build has no description of its API.");
            }
            Exchange.json(context, 200, new YAMLMapper().readTree(in));
        }
    }
}
