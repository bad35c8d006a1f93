package io.circuitstream.dashboard.access;

import io.circuitstream.dashboard.access.RefusedException.Why;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns what a caller brings into who it is. Thread-safe. */
public final class Access implements AutoCloseable {
    /** Asks nobody: for servers that only this machine reaches. */
    public static final Access OPEN = new Access(StaticTokens.NONE, null);

    private static final String BEARER = "Bearer ";

    private final StaticTokens tokens;
    private final @Nullable Oidc oidc;

    /**
     * For those who are known to either.
     *
     * @param oidc null where nobody logs in; closed with this
     */
    public Access(StaticTokens tokens, @Nullable Oidc oidc) {
        this.tokens = tokens;
        this.oidc = oidc;
    }

    /** Whether whoever reaches the server may do everything. */
    public boolean isOpen() {
        return tokens.isEmpty() && oidc == null;
    }

    /** What a caller may bring: {@code token}, {@code oidc}. */
    public List<String> kinds() {
        List<String> kinds = new ArrayList<>();
        if (!tokens.isEmpty()) {
            kinds.add("token");
        }
        if (oidc != null) {
            kinds.add("oidc");
        }
        return kinds;
    }

    public Optional<Oidc> oidc() {
        return Optional.ofNullable(oidc);
    }

    /**
     * Who calls.
     *
     * @param authorization the header of this name; null when there is none
     * @throws RefusedException when that is nobody
     */
    public Principal principal(@Nullable String authorization) {
        if (isOpen()) {
            return Principal.ANYBODY;
        }
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw new RefusedException(Why.NOT_KNOWN, "This server wants a bearer token.");
        }
        String token = authorization.substring(BEARER.length()).strip();
        return tokens.find(token).orElseGet(() -> {
            if (oidc == null) {
                throw new RefusedException(Why.NOT_KNOWN, "This server wants a bearer token that it knows.");
            }
            return oidc.principal(token);
        });
    }

    @Override
    public void close() {
        if (oidc != null) {
            oidc.close();
        }
    }
}
