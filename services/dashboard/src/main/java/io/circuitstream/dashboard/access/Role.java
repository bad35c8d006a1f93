package io.circuitstream.dashboard.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What somebody may do; each role may do what those before it may. */
public enum Role {
    /** Reads. */
    VIEWER,
    /** Also sends prompts, steerings and imports, and changes annotations and labels. */
    OPERATOR,
    /** Also reads dead letters and sends them again. */
    ADMIN;

    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }

    public String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Empty for another text. */
    public static Optional<Role> of(String spelling) {
        return Arrays.stream(values())
                .filter(role -> role.spelling().equals(spelling))
                .findFirst();
    }
}
