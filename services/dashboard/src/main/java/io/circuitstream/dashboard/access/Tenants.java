package io.circuitstream.dashboard.access;

import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose prompts somebody may see.
 *
 * @param names at least one, the one that prompts are sent for first; null for all there are
 */
public record Tenants(@Nullable List<String> names) {
    /** All there are, and what is computed from all of them. */
    public static final Tenants ALL = new Tenants(null);

    /** Prompts of a sender who names no tenant are of this one. */
    private static final String OTHERWISE = "default";

    public Tenants {
        if (names != null) {
            names = List.copyOf(new LinkedHashSet<>(names));
            if (names.isEmpty()) {
                throw new IllegalArgumentException("somebody must have a tenant");
            }
        }
    }

    public static Tenants of(List<String> names) {
        return new Tenants(names);
    }

    public boolean areAll() {
        return names == null;
    }

    /** Whether what belongs to the tenant may be seen. */
    public boolean include(String tenant) {
        return names == null || names.contains(tenant);
    }

    /** Whose a prompt is that names no tenant. */
    public String first() {
        return names == null ? OTHERWISE : names.get(0);
    }
}
