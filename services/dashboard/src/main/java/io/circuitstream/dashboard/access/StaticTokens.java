package io.circuitstream.dashboard.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tokens that were handed out, each with whom it stands for. Only their digests are kept. Immutable. */
public final class StaticTokens {
    public static final StaticTokens NONE = new StaticTokens(List.of());

    private final List<Known> known;

    private record Known(byte[] digest, Principal principal) {}

    private StaticTokens(List<Known> known) {
        this.known = known;
    }

    /** These and one more. */
    public StaticTokens with(String token, Principal principal) {
        List<Known> more = new ArrayList<>(known);
        more.add(new Known(digest(token), principal));
        return new StaticTokens(List.copyOf(more));
    }

    public boolean isEmpty() {
        return known.isEmpty();
    }

    /** Whom the token stands for. Takes as long whichever it is, and however much of one is right. */
    Optional<Principal> find(String token) {
        byte[] given = digest(token);
        Optional<Principal> found = Optional.empty();
        for (Known each : known) {
            if (MessageDigest.isEqual(each.digest, given)) {
                found = Optional.of(each.principal);
            }
        }
        return found;
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
