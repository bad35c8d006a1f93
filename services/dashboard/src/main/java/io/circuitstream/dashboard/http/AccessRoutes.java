package io.circuitstream.dashboard.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.dashboard.access.Access;
import io.circuitstream.dashboard.access.Oidc;
import io.circuitstream.dashboard.access.Principal;
import io.circuitstream.dashboard.access.Role;
import io.circuitstream.dashboard.json.Json;
import io.javalin.http.Context;
import java.util.List;

/** How one becomes known to this server, and who one is then. */
final class AccessRoutes {
    private final Access access;

    AccessRoutes(Access access) {
        this.access = access;
    }

    List<Route> routes() {
        return List.of(Route.open("/access", this::access), Route.get("/me", Role.VIEWER, AccessRoutes::me));
    }

    private void access(Context context) {
        ObjectNode json = Json.object();
        ArrayNode kinds = json.putArray("kinds");
        access.kinds().forEach(kinds::add);
        json.putNull("oidc");
        access.oidc().ifPresent(oidc -> {
            oidc.prepare();
            Oidc.Config config = oidc.config();
            json.putObject("oidc")
                    .put("authority", config.issuer())
                    .put("clientId", config.clientId())
                    .put("scope", config.scope());
        });
        Exchange.json(context, 200, json);
    }

    private static void me(Context context) {
        Principal principal = Caller.of(context);
        ObjectNode json = Json.object()
                .put("name", principal.name())
                .put("role", principal.role().spelling())
                .putNull("tenants");
        if (!principal.tenants().areAll()) {
            ArrayNode tenants = json.putArray("tenants");
            principal.tenants().names().forEach(tenants::add);
        }
        Exchange.json(context, 200, json);
    }
}
