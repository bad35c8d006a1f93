package io.circuitstream.dashboard.http;

import io.circuitstream.dashboard.access.Role;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import org.jspecify.annotations.Nullable;

/**
 * One address of the API.
 *
 * @param path below the base path
 * @param role that a caller must have; null where nobody has to say who they are
 * @param ofAllTenants whether what it shows or changes is of all tenants, so that a caller must see all of them
 */
record Route(HandlerType method, String path, @Nullable Role role, boolean ofAllTenants, Handler handler) {
    static Route get(String path, Role role, Handler handler) {
        return new Route(HandlerType.GET, path, role, false, handler);
    }

    static Route post(String path, Role role, Handler handler) {
        return new Route(HandlerType.POST, path, role, false, handler);
    }

    static Route put(String path, Role role, Handler handler) {
        return new Route(HandlerType.PUT, path, role, false, handler);
    }

    /** For everybody, known or not. */
    static Route open(String path, Handler handler) {
        return new Route(HandlerType.GET, path, null, false, handler);
    }

    Route forAllTenants() {
        return new Route(method, path, role, true, handler);
    }

    Route with(Handler other) {
        return new Route(method, path, role, ofAllTenants, other);
    }
}
