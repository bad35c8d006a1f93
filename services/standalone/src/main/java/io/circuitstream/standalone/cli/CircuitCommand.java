package io.circuitstream.standalone.cli;

import io.circuitstream.circuits.export.IdDialect;
import io.circuitstream.circuits.graphfile.FileGraph;
import io.circuitstream.circuits.graphfile.GraphFile;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.circuits.pruning.Pruner;
import io.circuitstream.circuits.pruning.PruningOptions;
import io.circuitstream.standalone.trace.GraphFileSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Without a threshold the file is shown, and written again, as it is. */
@Command(
        name = "circuit",
        description = "Reads a graph JSON made here, by circuit-tracer or for Neuronpedia, prunes it further when asked"
                + " and says what is in it.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class CircuitCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "graph JSON")
    @Nullable
    Path file;

    @Option(
            names = "--node-threshold",
            paramLabel = "T",
            description = "share of the file's influence that kept nodes hold (default: as in the file)")
    @Nullable
    Double nodeThreshold;

    @Option(
            names = "--edge-threshold",
            paramLabel = "T",
            description = "share of edge scores that kept edges hold (default: as in the file)")
    @Nullable
    Double edgeThreshold;

    @Option(names = "--export", paramLabel = "FILE", description = "write the circuit as graph JSON")
    @Nullable
    Path export;

    @Option(
            names = "--circuit-tracer-ids",
            description = "write ids that circuit-tracer can split, with --export (errors: 3_-1_7 for 3_error_mlp_7)")
    boolean circuitTracerIds;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    boolean json;

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (circuitTracerIds && export == null) {
            throw usage("--circuit-tracer-ids goes with --export");
        }
        PruningOptions options = options();
        FileGraph graph = FileGraph.of(read());
        boolean asked = nodeThreshold != null || edgeThreshold != null;
        PrunedGraph circuit = asked ? Pruner.prune(graph.graph(), options) : null;
        GraphFile kept = circuit == null ? graph.file() : graph.kept(circuit, options);
        if (export != null) {
            kept.write(export, circuitTracerIds ? IdDialect.CIRCUIT_TRACER : IdDialect.CIRCUITSTREAM);
        }
        GraphFileSummary summary = new GraphFileSummary(graph, circuit, kept);
        System.out.println(json ? summary.json().toPrettyString() : summary.text());
        return 0;
    }

    private PruningOptions options() {
        try {
            return new PruningOptions(orOne(nodeThreshold), orOne(edgeThreshold));
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private static double orOne(@Nullable Double threshold) {
        return threshold == null ? 1 : threshold;
    }

    private GraphFile read() {
        try {
            return GraphFile.read(file);
        } catch (IOException e) {
            throw usage(file + " cannot be read: " + e);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
