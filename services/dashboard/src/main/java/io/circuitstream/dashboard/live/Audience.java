package io.circuitstream.dashboard.live;

import io.circuitstream.dashboard.access.Tenants;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Whom an event is for.
 *
 * @param tenant whose it is; null for one that is nobody's
 */
public record Audience(Kind kind, @Nullable String tenant) {
    public static final Audience EVERYBODY = new Audience(Kind.EVERYBODY, null);
    /** Those who see all tenants: for what is computed from several, and for what may be anybody's. */
    public static final Audience OF_ALL_TENANTS = new Audience(Kind.OF_ALL_TENANTS, null);

    /** Who they are. */
    public enum Kind {
        EVERYBODY('e'),
        OF_ALL_TENANTS('a'),
        OF_ONE('t');

        /** On disk. */
        private final char code;

        Kind(char code) {
            this.code = code;
        }
    }

    /** Those who see the tenant; of an unknown one, an empty text, those who see all. */
    public static Audience of(String tenant) {
        return tenant.isEmpty() ? OF_ALL_TENANTS : new Audience(Kind.OF_ONE, tenant);
    }

    boolean includes(Tenants seen) {
        return switch (kind) {
            case EVERYBODY -> true;
            case OF_ALL_TENANTS -> seen.areAll();
            case OF_ONE -> seen.include(tenant);
        };
    }

    byte[] bytes() {
        byte[] name = (tenant == null ? "" : tenant).getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[name.length + 1];
        bytes[0] = (byte) kind.code;
        System.arraycopy(name, 0, bytes, 1, name.length);
        return bytes;
    }

    /** What {@link #bytes} wrote; of nothing, as a build left it that knew no tenants, those who see all. */
    static Audience read(byte @Nullable [] bytes) {
        if (bytes == null) {
            return OF_ALL_TENANTS;
        }
        if (bytes[0] == Kind.OF_ONE.code) {
            return of(new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8));
        }
        return bytes[0] == Kind.EVERYBODY.code ? EVERYBODY : OF_ALL_TENANTS;
    }
}
