package io.circuitstream.dashboard.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.dashboard.access.Role;
import io.circuitstream.dashboard.audit.BehaviourTable;
import io.circuitstream.dashboard.audit.ChainTable;
import io.circuitstream.dashboard.audit.FindingTable;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.store.Store;
import io.javalin.http.Context;
import java.util.List;

/** What the audit says: findings, how far they can be trusted, and behaviour over time. */
final class FindingRoutes {
    private static final int MOST_FINDINGS = 500;
    private static final int MOST_WINDOWS = 500;

    private final Store store;

    FindingRoutes(Store store) {
        this.store = store;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/audit/findings", Role.VIEWER, this::findings),
                Route.get("/audit/chains", Role.VIEWER, this::chains).forAllTenants(),
                Route.get("/audit/behaviours", Role.VIEWER, this::behaviours).forAllTenants(),
                Route.get("/audit/behaviours/{scan}/{windowStart}", Role.VIEWER, this::behaviour)
                        .forAllTenants());
    }

    private void findings(Context context) {
        FindingTable.Filter filter = new FindingTable.Filter(
                Exchange.text(context, "rule"),
                Exchange.text(context, "severity"),
                Exchange.text(context, "promptId"),
                Caller.tenants(context));
        String before = Exchange.text(context, "before");
        if (before != null && !isNumber(before)) {
            throw ProblemException.badRequest("before must be a 'next' of an earlier answer");
        }
        Exchange.json(
                context,
                200,
                Json.tree(FindingTable.page(
                        store,
                        before == null ? Long.MAX_VALUE : Long.parseLong(before),
                        Exchange.number(context, "limit", 100, 1, MOST_FINDINGS),
                        filter)));
    }

    private void chains(Context context) {
        ObjectNode json = Json.object();
        json.set("chains", Json.tree(ChainTable.read(store)));
        Exchange.json(context, 200, json);
    }

    private void behaviours(Context context) {
        ObjectNode json = Json.object();
        json.set(
                "windows",
                BehaviourTable.newest(
                        store,
                        Exchange.text(context, "scan"),
                        Exchange.number(context, "limit", 100, 1, MOST_WINDOWS)));
        Exchange.json(context, 200, json);
    }

    private void behaviour(Context context) {
        String start = context.pathParam("windowStart");
        if (!isNumber(start)) {
            throw ProblemException.badRequest("windowStart must be in milliseconds since 1970");
        }
        Exchange.json(
                context,
                200,
                BehaviourTable.find(store, context.pathParam("scan"), Long.parseLong(start))
                        .orElseThrow(() -> ProblemException.notFound("there is no summary of this window here")));
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d{1,18}");
    }
}
