package io.circuitstream.dashboard.http;

import io.circuitstream.dashboard.access.Access;
import io.circuitstream.dashboard.access.Oidc;
import io.circuitstream.dashboard.access.RefusedException;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may call the API: whoever is known here and has the role that the route needs; where nobody has to be known, pages of this server
 * only, so that no other page in the same browser can read or send anything. Static files hold no data and are for everybody.
 */
final class Guard {
    private static final Logger log = LoggerFactory.getLogger(Guard.class);
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<HandlerType> READING = Set.of(HandlerType.GET, HandlerType.HEAD, HandlerType.OPTIONS);

    private final Access access;
    private final boolean loopback;
    private final Set<String> open;

    /**
     * For these routes.
     *
     * @param host that the server listens on
     */
    Guard(Access access, String host, List<Route> routes) {
        this.access = access;
        this.loopback = LOOPBACK.contains(host) || host.equals("::1");
        if (access.isOpen() && !loopback) {
            log.atWarn().log("whoever reaches {} may see and do everything: set a token, or an OIDC issuer", host);
        }
        this.open = routes.stream()
                .filter(route -> route.role() == null)
                .map(route -> Server.BASE + route.path())
                .collect(Collectors.toSet());
    }

    /** Before every request, also of an address that there is not. @throws ProblemException when it may not go on */
    void check(Context context) {
        context.header("Content-Security-Policy", contentSecurityPolicy())
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Cross-Origin-Resource-Policy", "same-origin");
        if (isApi(context.path())) {
            context.header("Cache-Control", "no-store");
            requireOwnPage(context);
            if (!open.contains(context.path())) {
                recognise(context);
            }
        }
    }

    /** The route, for those alone who may have it. The one place that looks. */
    Route guarded(Route route) {
        return route.with(context -> {
            Caller.require(context, route);
            route.handler().handle(context);
        });
    }

    /** With OIDC the page asks the provider for tokens itself. */
    private String contentSecurityPolicy() {
        List<String> others = access.oidc().map(Oidc::origins).orElse(List.of());
        String connect = others.isEmpty() ? "'self'" : "'self' " + String.join(" ", others);
        return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src " + connect
                + "; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    static boolean isApi(String path) {
        return path.equals("/api") || path.startsWith("/api/");
    }

    private void recognise(Context context) {
        try {
            Caller.set(context, access.principal(context.header("Authorization")));
        } catch (RefusedException e) {
            log.atDebug().log("{} {} is refused: {}", context.method(), context.path(), e.why());
            throw switch (e.why()) {
                case NOT_KNOWN -> Caller.unknown(e.getMessage());
                case NO_RIGHTS -> Caller.forbidden(e.getMessage());
                case ISSUER_AWAY -> ProblemException.unavailable(e.getMessage());
            };
        }
    }

    /** A name that somebody else's DNS points here is refused, and so is a change that another site's page asks for. */
    private void requireOwnPage(Context context) {
        String host = context.header("Host");
        boolean known = host != null && LOOPBACK.contains(host.replaceFirst(":\\d+$", ""));
        if (access.isOpen() && loopback && !known) {
            throw Caller.forbidden("This server answers to localhost and 127.0.0.1 only.");
        }
        if (READING.contains(context.method())) {
            return;
        }
        String site = context.header("Sec-Fetch-Site");
        String origin = context.header("Origin");
        boolean ours = site != null
                ? site.equals("same-origin") || site.equals("none")
                : origin == null || origin.replaceFirst("^https?://", "").equals(host);
        if (!ours) {
            throw Caller.forbidden("Only this server's own page may ask for that.");
        }
    }
}
