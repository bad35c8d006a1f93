package io.circuitstream.standalone.bench;

import ai.djl.ndarray.NDManager;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.circuits.pruning.Pruner;
import io.circuitstream.circuits.pruning.PruningOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Times pruning of a random graph, with the default thresholds, on one thread. */
public final class PruningBench {
    private static final int WARM_UP = 5;
    private static final int BYTES_OF_AN_EDGE = Integer.BYTES + Float.BYTES;

    private PruningBench() {}

    /**
     * Runs some times to warm up and then the given number of times.
     *
     * @throws IllegalArgumentException if there is no such graph, see {@link SyntheticGraph}
     */
    public static Report run(int nodes, int edges, int repeats, Consumer<String> progress) {
        progress.accept("making the graph");
        AttributionGraph graph = SyntheticGraph.of(nodes, edges, 1);
        double[] seconds = new double[repeats];
        PrunedGraph pruned = Pruner.prune(graph, PruningOptions.DEFAULT);
        for (int i = -WARM_UP; i < repeats; i++) {
            progress.accept("pruning " + (i + WARM_UP + 1) + "/" + (repeats + WARM_UP));
            long start = System.nanoTime();
            pruned = Pruner.prune(graph, PruningOptions.DEFAULT);
            if (i >= 0) {
                seconds[i] = (System.nanoTime() - start) / 1e9;
            }
        }
        TensorRuntime.start(1);
        try (NDManager manager = NDManager.newBaseManager()) {
            progress.accept("machine");
            Machine machine = new Machine(Products.large(manager), null, Products.copy(), 1);
            double floor = (double) BYTES_OF_AN_EDGE * edges / machine.copy();
            return new Report(machine, List.of(Measured.of("pruning", seconds, floor, about(graph, pruned))));
        }
    }

    private static Map<String, Object> about(AttributionGraph graph, PrunedGraph pruned) {
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("nodes", graph.nodes().count());
        about.put("edges", graph.rows().col().length);
        about.put("rows", graph.rows().count());
        about.put("keptNodes", pruned.nodes().length);
        about.put("keptEdges", pruned.edgeCount());
        about.put("floor", "the stored rows read once, 8 bytes an edge, at the rate of a copy on one thread");
        return about;
    }
}
