package io.circuitstream.platform.settings;

import java.util.List;

/** Renders settings for docs/configuration.md. */
public final class ConfigurationTable {

    private ConfigurationTable() {}

    /** A Markdown table in the given order, ending in a newline. The same settings give the same bytes. */
    public static String markdown(List<Setting<?>> settings) {
        StringBuilder table = new StringBuilder("| setting | environment | allowed | default | meaning |\n")
                .append("|---|---|---|---|---|\n");
        for (Setting<?> setting : settings) {
            table.append("| `%s` | `%s` | %s | %s | %s |\n"
                    .formatted(
                            setting.key(),
                            setting.environmentVariable(),
                            cell(setting.allowed()),
                            defaultCell(setting),
                            cell(setting.doc()) + (setting.isSecret() ? " Secret: shown nowhere." : "")));
        }
        return table.toString();
    }

    private static String defaultCell(Setting<?> setting) {
        return setting.defaultText()
                .map(text -> "`" + text.replace("|", "\\|") + "`")
                .orElse(setting.isRequired() ? "**required**" : "none");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }
}
