package io.circuitstream.dashboard.access;

import io.circuitstream.dashboard.access.RefusedException.Why;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What claims of a verified token make of its bearer. Pure.
 *
 * @param rolesClaim name of the claim with roles; a dot leads into an object
 * @param roles what each value of it stands for here; other values stand for nothing
 * @param tenantsClaim name of the claim with tenants; null when everybody sees every tenant
 */
public record ClaimRules(
        String rolesClaim,
        Map<String, Role> roles,
        @Nullable String tenantsClaim) {
    private static final String ALL = "*";
    private static final List<String> NAMES = List.of("preferred_username", "name", "email", "sub");

    public ClaimRules {
        roles = Map.copyOf(roles);
    }

    /**
     * Whom the claims stand for.
     *
     * @throws RefusedException when they give no role, or no tenant where tenants count
     */
    Principal principal(Map<String, Object> claims, @Nullable Instant expires) {
        Role role = texts(claims, rolesClaim)
                .map(roles::get)
                .filter(Objects::nonNull)
                .max(Role::compareTo)
                .orElseThrow(() -> new RefusedException(
                        Why.NO_RIGHTS,
                        "Your token gives you no role here: its claim " + rolesClaim + " has none of "
                                + String.join(
                                        ", ", roles.keySet().stream().sorted().toList()) + "."));
        return new Principal(name(claims), role, tenants(claims), expires);
    }

    private Tenants tenants(Map<String, Object> claims) {
        if (tenantsClaim == null) {
            return Tenants.ALL;
        }
        List<String> names =
                texts(claims, tenantsClaim).filter(name -> !name.isBlank()).toList();
        if (names.isEmpty()) {
            throw new RefusedException(
                    Why.NO_RIGHTS, "Your token gives you no tenant here: it has no claim " + tenantsClaim + ".");
        }
        return names.contains(ALL) ? Tenants.ALL : Tenants.of(names);
    }

    private static String name(Map<String, Object> claims) {
        return NAMES.stream()
                .flatMap(name -> texts(claims, name))
                .filter(name -> !name.isBlank())
                .findFirst()
                .orElse("");
    }

    /** Texts of a claim that is a text or a list of them. */
    private static Stream<String> texts(Map<String, Object> claims, String name) {
        return find(claims, name).stream()
                .flatMap(value -> value instanceof Collection<?> list ? list.stream() : Stream.of(value))
                .filter(String.class::isInstance)
                .map(String.class::cast);
    }

    /** By the whole name, which may have dots (names that are addresses do), else along the dots. */
    private static Optional<Object> find(Map<?, ?> claims, String name) {
        if (claims.containsKey(name)) {
            return Optional.ofNullable(claims.get(name));
        }
        Object value = claims;
        for (String part : Arrays.asList(name.split("\\.", -1))) {
            value = value instanceof Map<?, ?> object ? object.get(part) : null;
        }
        return Optional.ofNullable(value);
    }
}
