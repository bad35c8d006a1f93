package io.circuitstream.standalone.cli;

import io.circuitstream.dashboard.DashboardSettings;
import io.circuitstream.standalone.Deployment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What `up` and `demo` start, and where it listens. */
final class DeploymentOptions {
    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description =
                    "address of the dashboard: whoever reaches it may do everything unless there is a token (default:"
                            + " ${DEFAULT-VALUE})",
            defaultValue = "127.0.0.1")
    String host;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "file with the bearer token that calls of the dashboard must carry (default: none)")
    @Nullable
    Path tokenFile;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "port of the dashboard, of health and metrics, 0 for a free one (default: ${DEFAULT-VALUE})",
            defaultValue = "8080")
    int httpPort;

    @Option(
            names = "--kafka-port",
            paramLabel = "N",
            description = "port of the broker, 0 for a free one (default: ${DEFAULT-VALUE})",
            defaultValue = "9092")
    int kafkaPort;

    @Option(
            names = "--registry-port",
            paramLabel = "N",
            description = "port of the schema registry, 0 for a free one (default: ${DEFAULT-VALUE})",
            defaultValue = "8081")
    int registryPort;

    @Option(
            names = "--audit-rules",
            paramLabel = "FILE",
            description = "what the audit looks for, read again when it changes (default: built-in rules)")
    @Nullable
    Path auditRules;

    @Mixin
    ModelOptions model = new ModelOptions();

    Deployment start(Path data) throws InterruptedException {
        Map<String, String> page = new HashMap<>(Map.of(DashboardSettings.HTTP_HOST.key(), host));
        if (tokenFile != null) {
            page.put(DashboardSettings.TOKEN_FILE.key(), tokenFile.toString());
        }
        return Deployment.start(new Deployment.Options(
                data,
                new Deployment.Ports(httpPort, kafkaPort, registryPort),
                model.model(),
                model.transcoder(),
                model.threads(),
                model.maxTokens,
                model.given() ? null : Home.evaluation(),
                auditRules,
                page));
    }
}
