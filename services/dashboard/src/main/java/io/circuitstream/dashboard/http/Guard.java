package io.circuitstream.dashboard.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may call the API: with a token configured, who has it; without one, pages of this server only, so that no other page in the
 * same browser can read or send anything. Static files hold no data and are for everybody.
 */
final class Guard {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<HandlerType> READING = Set.of(HandlerType.GET, HandlerType.HEAD, HandlerType.OPTIONS);
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final byte @Nullable [] token;
    private final boolean loopback;

    /** @param host that the server listens on */
    Guard(@Nullable String token, String host) {
        this.token = token == null ? null : token.getBytes(StandardCharsets.UTF_8);
        this.loopback = LOOPBACK.contains(host) || host.equals("::1");
    }

    boolean requiresToken() {
        return token != null;
    }

    /** Before every request. @throws ProblemException when it may not go on */
    void check(Context context) {
        context.header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Cross-Origin-Resource-Policy", "same-origin");
        if (isApi(context.path())) {
            context.header("Cache-Control", "no-store");
            requireOwnPage(context);
            requireToken(context);
        }
    }

    static boolean isApi(String path) {
        return path.equals("/api") || path.startsWith("/api/");
    }

    private void requireToken(Context context) {
        if (token == null) {
            return;
        }
        String given = context.header("Authorization");
        byte[] bytes = given != null && given.startsWith("Bearer ")
                ? given.substring("Bearer ".length()).strip().getBytes(StandardCharsets.UTF_8)
                : new byte[0];
        if (!MessageDigest.isEqual(token, bytes)) {
            throw new ProblemException(
                    401, "Unauthorized", "This server wants a bearer token.", Map.of("WWW-Authenticate", "Bearer"));
        }
    }

    /** A name that somebody else's DNS points here is refused, and so is a change that another site's page asks for. */
    private void requireOwnPage(Context context) {
        String host = context.header("Host");
        if (token == null && loopback && (host == null || !LOOPBACK.contains(host.replaceFirst(":\\d+$", "")))) {
            throw new ProblemException(403, "Forbidden", "This server answers to localhost and 127.0.0.1 only.");
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
            throw new ProblemException(403, "Forbidden", "Only this server's own page may ask for that.");
        }
    }
}
