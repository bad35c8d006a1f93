package io.circuitstream.standalone.cli;

import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.standalone.bench.CircuitBench;
import io.circuitstream.standalone.bench.Report;
import io.circuitstream.standalone.bench.TaskPrompts;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "circuits",
        description =
                "Compares the sizes of the smallest circuits that keep a share of the completeness, by influence and by"
                        + " elimination, over the samples and the tasks' held-out prompts.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BenchCircuitsCommand implements Callable<Integer> {
    @Option(
            names = "--share",
            paramLabel = "S",
            split = ",",
            description = "shares of the graph's completeness, separated by commas (default: ${DEFAULT-VALUE})")
    List<Double> shares = List.of(.8, .9, .95);

    @Option(names = "--samples", description = "the ten samples only")
    boolean samples;

    @Mixin
    BenchOutput output = new BenchOutput();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Override
    public Integer call() throws IOException {
        for (double share : shares) {
            if (!(share > 0 && share <= 1)) {
                throw output.usage("--share must be in (0, 1], not " + share);
            }
        }
        output.print(run());
        return 0;
    }

    private Report run() throws IOException {
        List<String> prompts = samples ? TaskPrompts.samples(model.model()) : TaskPrompts.read(model.model());
        try (StatusLine status = StatusLine.onTerminal();
                TraceableModel traceable = TraceableModel.load(model.model(), model.transcoder(), model.threads())) {
            return new CircuitBench(traceable, status)
                    .run(
                            prompts.stream()
                                    .map(text -> traceable
                                            .model()
                                            .tokens()
                                            .encode(text)
                                            .ids())
                                    .toList(),
                            shares);
        }
    }
}
