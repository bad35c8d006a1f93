package io.circuitstream.standalone.cli;

import io.circuitstream.standalone.Deployment;
import io.circuitstream.standalone.TemporaryFolder;
import io.circuitstream.standalone.bench.CapacityBench;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "capacity",
        description =
                "Holds what `circuitstream capacity` says against a deployment in this process: prompts a second, latencies"
                        + " of prompts that come at random, bytes in the topics.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BenchCapacityCommand implements Callable<Integer> {
    @Option(
            names = "--prompts",
            paramLabel = "N",
            description = "prompts at each rate, and as many at once (default: ${DEFAULT-VALUE})",
            defaultValue = "200")
    int prompts;

    @Option(
            names = "--busy",
            paramLabel = "S",
            split = ",",
            description = "rates, as shares of what one thread of the slowest stage can do (default: ${DEFAULT-VALUE})",
            defaultValue = "0.3,0.6,0.8")
    List<Double> busy = List.of();

    @Mixin
    CapacityOptions measuring = new CapacityOptions();

    @Mixin
    PromptFileOption file = new PromptFileOption();

    @Mixin
    BenchOutput output = new BenchOutput();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        output.atLeast("--prompts", prompts, 10);
        for (double share : busy) {
            if (!(share > 0 && share < 1)) {
                throw output.usage("--busy must be between 0 and 1, not " + share);
            }
        }
        measuring.check(output);
        try (TemporaryFolder data = TemporaryFolder.create("circuitstream-bench");
                StatusLine status = StatusLine.onTerminal()) {
            // Ctrl-C is not to leave it behind.
            Runtime.getRuntime().addShutdownHook(new Thread(data::close, "delete"));
            Deployment.Options deployment = new Deployment.Options(
                    data.path(),
                    Deployment.Ports.ANY,
                    model.model(),
                    model.transcoder(),
                    model.threads(),
                    model.maxTokens);
            output.print(CapacityBench.run(
                    new CapacityBench.Options(
                            deployment,
                            file.prompts(),
                            prompts,
                            busy,
                            measuring.repeats,
                            measuring.hopSeconds(),
                            measuring.seed),
                    status));
        }
        return 0;
    }
}
