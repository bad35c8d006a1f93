package io.circuitstream.standalone.cli;

import io.circuitstream.standalone.Deployment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What `up` and `demo` start, and where it listens. */
final class DeploymentOptions {
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
        return Deployment.start(new Deployment.Options(
                data,
                new Deployment.Ports(httpPort, kafkaPort, registryPort),
                model.model(),
                model.transcoder(),
                model.threads(),
                model.maxTokens,
                model.given() ? null : Home.evaluation(),
                auditRules));
    }
}
