package io.circuitstream.training;

import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.settings.SettingsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Where the progress of a run goes beside the terminal: nowhere, unless brokers are given. What else is not given comes
 * from the environment and the defaults.
 */
final class EventOptions {
    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "Brokers that get the progress of the run as events (default: none).")
    private @Nullable String bootstrapServers;

    @Option(names = "--schema-registry-url", paramLabel = "URL", description = "Schema registry of the deployment.")
    private @Nullable String registryUrl;

    @Option(names = "--topic-prefix", paramLabel = "PREFIX", description = "First part of the topics' names.")
    private @Nullable String prefix;

    @Option(
            names = "--run-id",
            paramLabel = "ID",
            description = "Key of the run's events; the same when a run is resumed (default: a new one).")
    private @Nullable String runId;

    /**
     * Events of a run of these options.
     *
     * @param out folder that is written; its name stands in the events
     * @param tell is told of events that were lost
     * @throws SettingsException if the environment's settings are wrong
     */
    TrainingEvents events(String job, Path out, String kind, String activation, Consumer<String> tell) {
        if (bootstrapServers == null) {
            return TrainingEvents.none();
        }
        String name = out.toAbsolutePath().normalize().getFileName().toString();
        String id = runId == null ? UUID.randomUUID().toString() : runId;
        return TrainingEvents.to(settings(), new RunIdentity(id, job, name, kind, activation), tell);
    }

    /** The deployment that the options name. */
    Settings settings() {
        List<String> flags = new ArrayList<>();
        add(flags, CommonSettings.BOOTSTRAP_SERVERS.commandLineFlag(), bootstrapServers);
        add(flags, CommonSettings.REGISTRY_URL.commandLineFlag(), registryUrl);
        add(flags, CommonSettings.TOPIC_PREFIX.commandLineFlag(), prefix);
        return Settings.resolve(CommonSettings.all(), flags, System.getenv());
    }

    private static void add(List<String> flags, String flag, @Nullable String value) {
        if (value != null) {
            flags.add(flag);
            flags.add(value);
        }
    }
}
