package io.circuitstream.standalone.cli;

import io.circuitstream.standalone.TemporaryFolder;
import io.circuitstream.standalone.bench.Report;
import io.circuitstream.standalone.bench.ScalingBench;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "scaling",
        description =
                "Times exact attribution of longer and longer prompts, and of more and more active features, on random"
                        + " models of the shipped model's shape.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BenchScalingCommand implements Callable<Integer> {
    @Option(
            names = "--lengths",
            paramLabel = "N",
            split = ",",
            description =
                    "tokens of a prompt, with about 10 active features a token and layer (default: ${DEFAULT-VALUE})")
    List<Integer> lengths = List.of(8, 16, 32, 64, 128, 256, 512, 1024);

    @Option(
            names = "--active",
            paramLabel = "N",
            split = ",",
            description = "active features a token and layer, with 64 tokens and 6 layers (default: ${DEFAULT-VALUE})")
    List<Integer> active = List.of(3, 10, 30, 100, 260);

    @Option(names = "--threads", paramLabel = "N", description = "threads of attribution (default: ${DEFAULT-VALUE})")
    int threads = 2;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "times of each size after one that warms up; 0 for once, the longest take minutes (default:"
                    + " ${DEFAULT-VALUE})")
    int repeats = 0;

    @Mixin
    BenchOutput output = new BenchOutput();

    @Override
    public Integer call() throws IOException {
        output.atLeast("--threads", threads, 1);
        output.atLeast("--repeats", repeats, 0);
        lengths.forEach(n -> output.atLeast("--lengths", n, 2));
        active.forEach(n -> output.atLeast("--active", n, 1));
        Report report;
        try (TemporaryFolder folder = TemporaryFolder.create("circuitstream-bench");
                StatusLine status = StatusLine.onTerminal()) {
            // Ctrl-C is not to leave it behind.
            Runtime.getRuntime().addShutdownHook(new Thread(folder::close, "delete"));
            report = new ScalingBench(folder.path(), threads, repeats, status).run(lengths, active);
        }
        output.print(report);
        return 0;
    }
}
