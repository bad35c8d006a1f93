package io.circuitstream.standalone.cli;

import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which deployment to talk to; what is not given comes from the environment, the settings file, the defaults. */
final class KafkaOptions {
    @Option(names = "--bootstrap-servers", paramLabel = "HOST:PORT", description = "brokers of the deployment")
    @Nullable
    String bootstrapServers;

    @Option(names = "--schema-registry-url", paramLabel = "URL", description = "schema registry of the deployment")
    @Nullable
    String registryUrl;

    @Option(names = "--topic-prefix", paramLabel = "PREFIX", description = "first part of the topics' names")
    @Nullable
    String prefix;

    @Option(names = "--config", paramLabel = "FILE", description = "settings file")
    @Nullable
    Path config;

    private final List<String> more = new ArrayList<>();

    /** A further flag of a command. */
    void more(String flag, String value) {
        add(more, flag, value);
    }

    Settings settings() {
        List<String> flags = new ArrayList<>(more);
        add(flags, CommonSettings.BOOTSTRAP_SERVERS.commandLineFlag(), bootstrapServers);
        add(flags, CommonSettings.REGISTRY_URL.commandLineFlag(), registryUrl);
        add(flags, CommonSettings.TOPIC_PREFIX.commandLineFlag(), prefix);
        add(flags, "--config", config);
        return Settings.resolve(CommonSettings.all(), flags, System.getenv());
    }

    private static void add(List<String> flags, String flag, @Nullable Object value) {
        if (value != null) {
            flags.add(flag);
            flags.add(value.toString());
        }
    }
}
