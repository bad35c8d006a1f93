package io.circuitstream.standalone.cli;

import io.circuitstream.standalone.Deployment;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs until SIGTERM or Ctrl-C. */
@Command(
        name = "up",
        description =
                "Starts everything in one process: broker, schema registry, all stages, dashboard. Data survive restarts.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class UpCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "folder of all data (default: ${DEFAULT-VALUE})",
            defaultValue = "data")
    Path data = Path.of("data");

    @Mixin
    DeploymentOptions options = new DeploymentOptions();

    @Override
    public Integer call() throws InterruptedException {
        try (Deployment deployment = options.start(data)) {
            Stopping.closeOnSignal(deployment, () -> {});
            System.out.print(Addresses.of(deployment));
            System.out.flush();
            return deployment.blockUntilClosed();
        }
    }
}
