package io.circuitstream.dashboard.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.dashboard.access.Role;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.live.Hub;
import io.circuitstream.dashboard.operations.Cluster;
import io.circuitstream.dashboard.reading.View;
import io.circuitstream.dashboard.traces.Totals;
import io.javalin.http.Context;
import java.util.List;
import java.util.function.LongSupplier;

/** How services, topics and this server are getting on. */
final class OperationRoutes {
    private final View view;
    private final Cluster cluster;
    private final Hub hub;
    private final LongSupplier read;
    private final LongSupplier lag;

    /**
     * @param read records that were read since the start
     * @param lag records that are not read yet
     */
    OperationRoutes(View view, Cluster cluster, Hub hub, LongSupplier read, LongSupplier lag) {
        this.view = view;
        this.cluster = cluster;
        this.hub = hub;
        this.read = read;
        this.lag = lag;
    }

    List<Route> routes() {
        return List.of(Route.get("/operations", Role.VIEWER, this::operations));
    }

    private void operations(Context context) {
        ObjectNode json = (ObjectNode) Json.tree(cluster.state());
        ArrayNode versions = json.putArray("versions");
        Totals.read(view.store()).versions().forEach((version, seen) -> versions.addObject()
                .put("codeVersion", version)
                .put("seen", seen));
        json.putObject("dashboard")
                .put("clients", hub.clients())
                .put("dropped", hub.dropped())
                .put("events", read.getAsLong())
                .put("storeBytes", view.store().bytes())
                .put("readLag", lag.getAsLong());
        Exchange.json(context, 200, json);
    }
}
