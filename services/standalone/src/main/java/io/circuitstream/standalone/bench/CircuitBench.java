package io.circuitstream.standalone.bench;

import io.circuitstream.circuits.attribution.AttributionOptions;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.RowProgress;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.pruning.ChosenCircuit;
import io.circuitstream.circuits.pruning.CircuitFinder;
import io.circuitstream.circuits.pruning.NodeCriterion;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.circuits.pruning.PruningOptions;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.replacement.TraceableModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** Sizes of the smallest circuits that keep shares of the completeness, by influence and by elimination. */
public final class CircuitBench {
    private final TraceableModel traceable;
    private final Consumer<String> progress;

    public CircuitBench(TraceableModel traceable, Consumer<String> progress) {
        this.traceable = traceable;
        this.progress = progress;
    }

    /** A size of a circuit. */
    private record Size(String name, ToDoubleFunction<PrunedGraph> of) {}

    private static final List<Size> SIZES = List.of(
            new Size("features and errors", c -> kept(c, c.graph().nodes().firstToken())),
            new Size("features", c -> kept(c, c.graph().nodes().firstError())),
            new Size("edges", PrunedGraph::edgeCount));

    private static double kept(PrunedGraph circuit, int before) {
        int kept = 0;
        for (int i = 0; i < before; i++) {
            kept += circuit.nodeKept()[i] ? 1 : 0;
        }
        return kept;
    }

    /** Three results for each share and criterion; the floor of each is the same size by influence. */
    public Report run(List<int[]> prompts, List<Double> shares) {
        double edges = PruningOptions.DEFAULT.edgeThreshold();
        Map<Double, Map<NodeCriterion, List<PrunedGraph>>> circuits = new LinkedHashMap<>();
        shares.forEach(share -> circuits.put(share, new LinkedHashMap<>()));
        for (int i = 0; i < prompts.size(); i++) {
            progress.accept("prompt " + (i + 1) + "/" + prompts.size());
            CircuitFinder finder = new CircuitFinder(graph(prompts.get(i)));
            circuits.forEach((share, byCriterion) -> {
                for (NodeCriterion criterion : NodeCriterion.values()) {
                    ChosenCircuit chosen = finder.keepingCompleteness(criterion, share, edges);
                    byCriterion
                            .computeIfAbsent(criterion, c -> new ArrayList<>())
                            .add(chosen.circuit());
                }
            });
        }
        progress.accept("machine");
        List<Measured> results = new ArrayList<>();
        circuits.forEach((share, byCriterion) -> SIZES.forEach(size -> byCriterion.forEach((criterion, found) ->
                results.add(measured(share, size, criterion, found, byCriterion.get(NodeCriterion.INFLUENCE))))));
        double large = Products.large(traceable.model().manager());
        return new Report(new Machine(large, null, Products.copy(), traceable.threads()), results);
    }

    private AttributionGraph graph(int[] prompt) {
        try (LocalReplacementModel local = traceable.local(prompt)) {
            return Attributor.attribute(local, AttributionOptions.DEFAULT, RowProgress.NONE);
        }
    }

    private static Measured measured(
            double share, Size size, NodeCriterion criterion, List<PrunedGraph> found, List<PrunedGraph> influence) {
        double[] sizes = found.stream().mapToDouble(size.of()).toArray();
        double[] other = influence.stream().mapToDouble(size.of()).toArray();
        int smaller = 0;
        int larger = 0;
        double sum = 0;
        double otherSum = 0;
        for (int i = 0; i < sizes.length; i++) {
            smaller += sizes[i] < other[i] ? 1 : 0;
            larger += sizes[i] > other[i] ? 1 : 0;
            sum += sizes[i];
            otherSum += other[i];
        }
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("share", share);
        about.put("prompts", sizes.length);
        about.put("mean", sum / sizes.length);
        about.put("meanByInfluence", otherSum / sizes.length);
        about.put("smaller", smaller);
        about.put("larger", larger);
        String name = size.name() + " by " + (criterion == NodeCriterion.INFLUENCE ? "influence" : "elimination");
        double floor = Math.max(1, Measured.of(name, "", other, 1, about).median());
        return Measured.of(name + ", share " + share, "of a circuit", sizes, floor, about);
    }
}
