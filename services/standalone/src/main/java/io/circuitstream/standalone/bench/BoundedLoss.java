package io.circuitstream.standalone.bench;

import io.circuitstream.circuits.attribution.AttributionOptions;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.Expansion;
import io.circuitstream.circuits.attribution.RowProgress;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.pruning.Pruner;
import io.circuitstream.circuits.pruning.PruningOptions;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What bounded attribution loses of the exact graph and of its circuit, measured. */
final class BoundedLoss {
    private final List<Exact> exact = new ArrayList<>();

    private record Exact(
            LocalReplacementModel local, int rows, double operations, double[] influence, BitSet kept, double weight) {}

    /** Computes the exact graphs, with every edge. */
    BoundedLoss(List<LocalReplacementModel> locals) {
        for (LocalReplacementModel local : locals) {
            AttributionGraph graph = Attributor.attribute(local, AttributionOptions.DEFAULT, RowProgress.NONE);
            double weight = 0;
            for (int i = graph.nodes().firstLogit(); i < graph.nodes().count(); i++) {
                weight += graph.nodes().weight(i);
            }
            exact.add(new Exact(
                    local,
                    graph.rows().count(),
                    AttributionWork.of(local, graph).operations(),
                    Influence.of(graph),
                    kept(graph),
                    weight));
        }
    }

    /**
     * What bounded attribution takes and what it loses.
     *
     * @param operations of all prompts together
     */
    record Loss(double operations, Map<String, Object> figures) {}

    /**
     * Means over the prompts, but for the largest miss: rows and operations as shares of the exact ones, the bound and the largest
     * true miss of any node as shares of Σw, and the Jaccard index of the nodes of the pruned circuits.
     */
    Loss of(Expansion expansion) {
        double rows = 0;
        double operations = 0;
        double operationShare = 0;
        double bound = 0;
        double miss = 0;
        double jaccard = 0;
        for (Exact one : exact) {
            AttributionGraph graph =
                    Attributor.attribute(one.local(), AttributionOptions.DEFAULT.with(expansion), RowProgress.NONE);
            rows += (double) graph.rows().count() / one.rows();
            double needed = AttributionWork.of(one.local(), graph).operations();
            operations += needed;
            operationShare += needed / one.operations();
            bound += graph.omissions().skippedInfluenceBound() / one.weight();
            double[] influence = Influence.of(graph);
            for (int i = 0; i < influence.length; i++) {
                miss = Math.max(miss, (one.influence()[i] - influence[i]) / one.weight());
            }
            jaccard += jaccard(one.kept(), kept(graph));
        }
        int n = exact.size();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("rowShare", rows / n);
        figures.put("operationShare", operationShare / n);
        figures.put("bound", bound / n);
        figures.put("largestMiss", miss);
        figures.put("jaccard", jaccard / n);
        return new Loss(operations, figures);
    }

    private static BitSet kept(AttributionGraph graph) {
        BitSet kept = new BitSet();
        for (int node : Pruner.prune(graph, PruningOptions.DEFAULT).nodes()) {
            kept.set(node);
        }
        return kept;
    }

    private static double jaccard(BitSet a, BitSet b) {
        BitSet both = (BitSet) a.clone();
        both.and(b);
        BitSet either = (BitSet) a.clone();
        either.or(b);
        return either.isEmpty() ? 1 : (double) both.cardinality() / either.cardinality();
    }
}
