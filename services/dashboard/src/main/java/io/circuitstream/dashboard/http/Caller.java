package io.circuitstream.dashboard.http;

import io.circuitstream.dashboard.access.Principal;
import io.circuitstream.dashboard.access.Role;
import io.circuitstream.dashboard.access.Tenants;
import io.javalin.http.Context;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who sent a request, and what of it they may ask for. */
final class Caller {
    private static final String ATTRIBUTE = Caller.class.getName();

    private Caller() {}

    static void set(Context context, Principal principal) {
        context.attribute(ATTRIBUTE, principal);
    }

    /** @throws ProblemException when nobody looked who it is: nothing is answered then */
    static Principal of(Context context) {
        Principal principal = context.attribute(ATTRIBUTE);
        if (principal == null) {
            throw unknown("This server wants a bearer token.");
        }
        return principal;
    }

    static Tenants tenants(Context context) {
        return of(context).tenants();
    }

    static ProblemException unknown(String detail) {
        return new ProblemException(401, "Unauthorized", detail, Map.of("WWW-Authenticate", "Bearer"));
    }

    static ProblemException forbidden(String detail) {
        return new ProblemException(403, "Forbidden", detail);
    }

    /** @throws ProblemException when the caller may not ask for what the route gives */
    static void require(Context context, Route route) {
        Role needed = route.role();
        if (needed == null) {
            return;
        }
        Principal principal = of(context);
        if (!principal.role().includes(needed)) {
            throw forbidden("This needs the role " + needed.spelling() + ", and you are "
                    + principal.role().spelling() + ".");
        }
        if (route.ofAllTenants() && !principal.tenants().areAll()) {
            throw forbidden("This is of all tenants together, and you see only "
                    + String.join(", ", principal.tenants().names()) + ".");
        }
    }

    /**
     * Whose something is that the caller sends.
     *
     * @param named null when the caller names none
     */
    static String tenant(Context context, @Nullable String named) {
        Tenants tenants = tenants(context);
        if (named == null) {
            return tenants.first();
        }
        if (!tenants.include(named)) {
            throw forbidden("You may send for " + String.join(", ", tenants.names()) + " only.");
        }
        return named;
    }
}
