package io.circuitstream.dashboard.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who calls.
 *
 * @param name for people to read; empty when nobody had to say who they are
 * @param expires when they must say again who they are; null for never
 */
public record Principal(
        String name, Role role, Tenants tenants, @Nullable Instant expires) {
    /** Whoever reaches a server that asks nobody. */
    public static final Principal ANYBODY = new Principal("", Role.ADMIN, Tenants.ALL, null);
}
