package io.circuitstream.packaging;

import io.circuitstream.audit.AuditSettings;
import io.circuitstream.dashboard.DashboardSettings;
import io.circuitstream.description.DescriptionSettings;
import io.circuitstream.inference.InferenceSettings;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.ModelSettings;
import io.circuitstream.platform.settings.Setting;
import io.circuitstream.platform.settings.Settings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The settings of each service as its {@code Main} declares them. */
public final class ServiceSettings {
    /** Services that stay up. */
    public static final List<String> SERVICES =
            List.of("inference", "attribution", "pruning", "validation", "description", "audit", "dashboard");

    /**
     * What a stop takes after {@code circuitstream.shutdown.timeout} at most: the attempts' admin client and the progress' producer
     * have two seconds each, the writers of description and dashboard up to ten.
     */
    public static final Duration CLOSING = Duration.ofSeconds(14);

    private ServiceSettings() {}

    /**
     * What a service would make of an environment at its start.
     *
     * @param service its name; {@code topics} and {@code training} for the commands
     * @throws io.circuitstream.platform.settings.SettingsException when it would not start
     */
    public static Settings resolve(String service, Map<String, String> environment) {
        return Settings.resolve(declared(service), List.of(), environment);
    }

    /** In the order of the code; a service's own replaces the common one with the same key. */
    public static List<Setting<?>> declared(String service) {
        Map<String, Setting<?>> declared = new LinkedHashMap<>();
        CommonSettings.all().forEach(setting -> declared.put(setting.key(), setting));
        own(service).forEach(setting -> declared.put(setting.key(), setting));
        return List.copyOf(declared.values());
    }

    private static List<Setting<?>> own(String service) {
        return switch (service) {
            case "inference" -> InferenceSettings.all();
            case "attribution", "validation" -> ModelSettings.all();
            case "description" -> DescriptionSettings.all();
            case "audit" -> AuditSettings.all();
            case "dashboard" -> DashboardSettings.all();
            case "pruning", "topics", "training" -> List.of();
            default -> throw new IllegalArgumentException("no service: " + service);
        };
    }
}
