package io.circuitstream.audit;

import io.circuitstream.platform.settings.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The settings of the audit service beside those that every service has. */
public final class AuditSettings {

    public static final Setting<Path> RULES = Setting.path(
                    "circuitstream.audit.rules",
                    "Rule file (YAML); read again when it changes. Without one the built-in rules apply.")
            .optional();

    private static final List<Setting<?>> ALL = all(List.of(RULES));

    private AuditSettings() {}

    private static List<Setting<?>> all(List<Setting<?>> chain) {
        List<Setting<?>> all = new ArrayList<>(chain);
        return List.copyOf(all);
    }

    /** Without the common ones. */
    public static List<Setting<?>> all() {
        return ALL;
    }
}
