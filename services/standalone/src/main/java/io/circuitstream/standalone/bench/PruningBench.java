package io.circuitstream.standalone.bench;

import ai.djl.ndarray.NDManager;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.pruning.CircuitFinder;
import io.circuitstream.circuits.pruning.NodeCriterion;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.circuits.pruning.Pruner;
import io.circuitstream.circuits.pruning.PruningOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Times pruning of a random graph on one thread: with the default thresholds, with the curve that goes into every event, by
 * elimination, and by the share of completeness.
 */
public final class PruningBench {
    private static final int WARM_UP = 5;
    private static final int BYTES_OF_AN_EDGE = Integer.BYTES + Float.BYTES;
    private static final double SHARE = .9;

    private final AttributionGraph graph;
    private final int repeats;
    private final Consumer<String> progress;

    private PruningBench(AttributionGraph graph, int repeats, Consumer<String> progress) {
        this.graph = graph;
        this.repeats = repeats;
        this.progress = progress;
    }

    /**
     * Runs each some times to warm up and then the given number of times.
     *
     * @throws IllegalArgumentException if there is no such graph, see {@link SyntheticGraph}
     */
    public static Report run(int nodes, int edges, int repeats, Consumer<String> progress) {
        progress.accept("making the graph");
        AttributionGraph graph = SyntheticGraph.of(nodes, edges, 1);
        TensorRuntime.start(1);
        try (NDManager manager = NDManager.newBaseManager()) {
            progress.accept("machine");
            Machine machine = new Machine(Products.large(manager), null, Products.copy(), 1);
            double floor = (double) BYTES_OF_AN_EDGE * edges / machine.copy();
            return new Report(machine, new PruningBench(graph, repeats, progress).results(floor));
        }
    }

    private List<Measured> results(double floor) {
        double edges = PruningOptions.DEFAULT.edgeThreshold();
        return List.of(
                measured("pruning", floor, () -> Pruner.prune(graph, PruningOptions.DEFAULT)),
                measured("pruning with the curve", floor, () -> curve(NodeCriterion.INFLUENCE)),
                measured("pruning with the curve by elimination", floor, () -> curve(NodeCriterion.ELIMINATION)),
                measured("pruning by elimination to 0.9 of the completeness", floor, () -> new CircuitFinder(graph)
                        .keepingCompleteness(NodeCriterion.ELIMINATION, SHARE, edges)
                        .circuit()));
    }

    private PrunedGraph curve(NodeCriterion criterion) {
        CircuitFinder finder = new CircuitFinder(graph);
        finder.curve(criterion, PruningOptions.DEFAULT.edgeThreshold());
        return finder.atThreshold(criterion, PruningOptions.DEFAULT).circuit();
    }

    private Measured measured(String name, double floor, Supplier<PrunedGraph> work) {
        double[] seconds = new double[repeats];
        PrunedGraph pruned = work.get();
        for (int i = -WARM_UP; i < repeats; i++) {
            progress.accept(name + " " + (i + WARM_UP + 1) + "/" + (repeats + WARM_UP));
            long start = System.nanoTime();
            pruned = work.get();
            if (i >= 0) {
                seconds[i] = (System.nanoTime() - start) / 1e9;
            }
        }
        return Measured.of(name, seconds, floor, about(pruned));
    }

    private Map<String, Object> about(PrunedGraph pruned) {
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
