package io.circuitstream.standalone.cli;

import io.circuitstream.standalone.bench.PruningBench;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "pruning",
        description = "Times the pruning of a random graph on one thread beside reading its rows once.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BenchPruningCommand implements Callable<Integer> {
    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "nodes of the graph (default: ${DEFAULT-VALUE})",
            defaultValue = "10000")
    int nodes;

    @Option(
            names = "--edges",
            paramLabel = "N",
            description = "stored edges (default: ${DEFAULT-VALUE})",
            defaultValue = "5000000")
    int edges;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "times (default: ${DEFAULT-VALUE})",
            defaultValue = "11")
    int repeats;

    @Mixin
    BenchOutput output = new BenchOutput();

    @Override
    public Integer call() {
        output.atLeast("--repeats", repeats, 1);
        try (StatusLine status = StatusLine.onTerminal()) {
            output.print(PruningBench.run(nodes, edges, repeats, status));
        } catch (IllegalArgumentException e) {
            throw output.usage(String.valueOf(e.getMessage()));
        }
        return 0;
    }
}
