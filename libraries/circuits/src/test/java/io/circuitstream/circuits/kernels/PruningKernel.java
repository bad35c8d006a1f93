package io.circuitstream.circuits.kernels;

import io.circuitstream.circuits.SyntheticGraph;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.circuits.pruning.Pruner;
import io.circuitstream.circuits.pruning.PruningOptions;
import io.circuitstream.circuits.pruning.Thresholds;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Passes over a graph of 10,000 nodes and 5 M stored edges. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PruningKernel {
    private final AttributionGraph graph = SyntheticGraph.of(1, 10_000, 32, 5_000_000);
    private final PrunedGraph circuit = Pruner.prune(graph, PruningOptions.DEFAULT);

    @Benchmark
    public double[] influence() {
        return Influence.of(graph);
    }

    @Benchmark
    public double[] totalEffect() {
        return Influence.totalEffect(graph, graph.nodes().firstLogit());
    }

    @Benchmark
    public double[] cumulativeShares() {
        return Thresholds.cumulativeShares(circuit.influence());
    }

    @Benchmark
    public PrunedGraph prune() {
        return Pruner.prune(graph, PruningOptions.DEFAULT);
    }

    /** Nothing is cut off: every pass meets every edge. */
    @Benchmark
    public PrunedGraph pruneNothing() {
        return Pruner.prune(graph, new PruningOptions(1, 1));
    }

    @Benchmark
    public PrunedGraph.Scores foldedScores() {
        return circuit.foldedScores();
    }
}
