package io.circuitstream.standalone.cli;

import io.circuitstream.standalone.bench.TrainingBench;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "training",
        description =
                "Times the sparse training of a cross-layer transcoder of the shipped model beside a dense step with"
                        + " autograd, both with every core.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BenchTrainingCommand implements Callable<Integer> {
    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "sparse steps of 1,024 tokens (default: ${DEFAULT-VALUE})",
            defaultValue = "600")
    int steps;

    @Mixin
    BenchOutput output = new BenchOutput();

    @Override
    public Integer call() throws IOException {
        output.atLeast("--steps", steps, 1);
        try (StatusLine status = StatusLine.onTerminal()) {
            output.print(TrainingBench.run(Home.model(), steps, status));
        }
        return 0;
    }
}
