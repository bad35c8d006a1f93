package io.circuitstream.standalone.bench;

import ai.djl.ndarray.NDManager;
import io.circuitstream.circuits.attribution.AttributionOptions;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.RowProgress;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.model.Attention;
import io.circuitstream.circuits.pruning.Pruner;
import io.circuitstream.circuits.pruning.PruningOptions;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.replacement.TraceableModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Times attribution and pruning of one prompt, exactly, and what the same arithmetic needs at least. */
public final class AttributionBench {
    /** Targets that the engine carries down together. */
    private static final int BATCH = 128;

    private static final int BYTES_OF_AN_EDGE = Integer.BYTES + Float.BYTES;

    private AttributionBench() {}

    /**
     * Runs everything once to warm up and then the given number of times.
     *
     * @throws IllegalArgumentException if the prompt is not the model's
     */
    public static Report run(TraceableModel traceable, int[] prompt, int repeats) {
        try (LocalReplacementModel local = traceable.local(prompt)) {
            AttributionGraph graph = attribute(local);
            double[] attribution = new double[repeats];
            for (int i = 0; i < repeats; i++) {
                long start = System.nanoTime();
                attribute(local);
                attribution[i] = seconds(start);
            }
            Pruner.prune(graph, PruningOptions.DEFAULT);
            double[] pruning = new double[repeats];
            for (int i = 0; i < repeats; i++) {
                long start = System.nanoTime();
                Pruner.prune(graph, PruningOptions.DEFAULT);
                pruning[i] = seconds(start);
            }
            return report(traceable, local, graph, attribution, pruning);
        }
    }

    private static AttributionGraph attribute(LocalReplacementModel local) {
        return Attributor.attribute(local, AttributionOptions.DEFAULT, RowProgress.NONE);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static Report report(
            TraceableModel traceable,
            LocalReplacementModel local,
            AttributionGraph graph,
            double[] attribution,
            double[] pruning) {
        Nodes nodes = graph.nodes();
        AttributionWork work = AttributionWork.of(local, nodes);
        NDManager manager = traceable.model().manager();
        double own = ownShapes(manager, local, nodes, work);
        Machine machine = new Machine(Products.large(manager), own, Products.copy(manager), traceable.threads());
        long edges = graph.rows().col().length;
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("model", traceable.model().name());
        about.put("tokens", nodes.positions());
        about.put("features", nodes.featureCount());
        about.put("rows", graph.rows().count());
        about.put("gigaOperations", work.operations() / 1e9);
        about.put("floor", "operations at the rate of its own shapes");
        about.put("ratioToLargeProducts", median(attribution) * machine.gemm() / work.operations());
        Map<String, Object> pruned = Map.of("edges", edges, "floor", "one copy of the stored rows, 8 bytes an edge");
        return new Report(
                machine,
                List.of(
                        Measured.of("attribution", attribution, work.operations() / own, about),
                        Measured.of("pruning", pruning, 2.0 * BYTES_OF_AN_EDGE * edges / machine.copy(), pruned)));
    }

    private static double median(double[] seconds) {
        return Measured.of("", seconds, 1, Map.of()).median() / 1e3;
    }

    /** Operations a second over all three kinds of products, each at the rate of its shape. */
    private static double ownShapes(NDManager manager, LocalReplacementModel local, Nodes nodes, AttributionWork work) {
        Attention attention = local.model().layer(0).attention();
        int d = local.model().config().width();
        int positions = nodes.positions();
        long heads = (long) attention.heads() * attention.headWidth();
        long batch = Math.min(BATCH, Math.max(1, nodes.featureCount() / nodes.layers()));
        long slots = Math.max(3, nodes.featureCount() / positions);
        double projections = Products.rate(manager, positions * batch, d, heads);
        double patterns =
                Products.batched(manager, attention.heads(), positions, positions, batch * attention.headWidth());
        double contractions = Products.batched(manager, positions, batch, d, slots);
        double seconds = 2
                * (work.projections() / projections + work.patterns() / patterns + work.contractions() / contractions);
        return work.operations() / seconds;
    }
}
