package io.circuitstream.circuits.pruning;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * The circuits of one graph: at a threshold, the smallest that keeps a share of the completeness, the largest within a budget, or
 * the curve of them. What they have in common, influence and the order of elimination, is computed once. Thread-confined.
 */
public final class CircuitFinder {
    /** τ of the curve. */
    static final double[] GRID = {.1, .2, .3, .4, .5, .6, .65, .7, .75, .8, .85, .9, .925, .95, .975, .99};
    /** Of sums in double. */
    private static final double ROUNDING = 1e-9;
    /** Entries that may be walked, and circuits at least and at most, to find one below a circuit that is large enough. */
    private static final long SCANNED_ENTRIES = 20_000_000;

    private static final int LEAST_SCANNED = 8;
    private static final int MOST_SCANNED = 256;

    private final AttributionGraph graph;
    private final double[] influence;
    private final double[] shares;
    private final NodeRanking byInfluence;

    private @Nullable NodeRanking byElimination;

    public CircuitFinder(AttributionGraph graph) {
        this.graph = graph;
        this.influence = Influence.of(graph);
        this.shares = Thresholds.cumulativeShares(influence);
        this.byInfluence = NodeRanking.of(Arrays.copyOf(influence, graph.nodes().firstToken()));
    }

    /** At thresholds of influence; by elimination with as many features and errors as influence keeps there. */
    public ChosenCircuit atThreshold(NodeCriterion criterion, PruningOptions options) {
        double cut = Thresholds.cut(influence, options.nodeThreshold());
        int nodes = 0;
        for (double score : byInfluence.score()) {
            nodes += score >= cut ? 1 : 0;
        }
        NodeRanking ranking = ranking(criterion);
        PrunedGraph circuit = circuit(ranking, ranking.within(nodes), options.edgeThreshold());
        return new ChosenCircuit(circuit, criterion, options);
    }

    /**
     * The smallest circuit whose folded completeness is at least a share of the graph's. When not even all nodes keep it with their
     * edges cut, every edge stays; and when that does not keep it either, since entries of rows were never stored, all nodes.
     *
     * <p>By halving, the smallest number of nodes that could keep it with all edges, and one that keeps it with edges cut; what is
     * between is tried one by one, since with edges cut completeness may fall while nodes are added. Of more than 256
     * between only the largest 256, of graphs with many entries fewer, for at most twenty million of them or 8 circuits.
     *
     * @param share (0, 1]
     */
    public ChosenCircuit keepingCompleteness(NodeCriterion criterion, double share, double edgeThreshold) {
        PruningOptions.requireShare("completeness share", share);
        double least = share * graph.scores().completeness() - ROUNDING;
        NodeRanking ranking = ranking(criterion);
        int last = ranking.last();
        double edges = keeps(ranking, last, edgeThreshold, least) ? edgeThreshold : 1;
        int first = smallest(0, last, j -> flow(ranking, j).completeness() >= least);
        int enough = smallest(first, last, j -> keeps(ranking, j, edges, least));
        for (int j = Math.max(first, enough - scanned()); j < enough; j++) {
            if (keeps(ranking, j, edges, least)) {
                return chosen(criterion, j, edges);
            }
        }
        return chosen(criterion, enough, edges);
    }

    /**
     * The largest circuit with at most so many features and errors; tokens and logits always stay and do not count. Those that
     * dangle make room for the next ones, as long as they fit.
     *
     * @param nodes at least 1
     */
    public ChosenCircuit withinBudget(NodeCriterion criterion, int nodes, double edgeThreshold) {
        if (nodes < 1) {
            throw new IllegalArgumentException("node budget is " + nodes + ", must be at least 1");
        }
        NodeRanking ranking = ranking(criterion);
        int best = ranking.within(nodes);
        int end = Math.min(ranking.last(), best + scanned());
        while (best < end && size(circuit(ranking, best + 1, edgeThreshold)) <= nodes) {
            best++;
        }
        return chosen(criterion, best, edgeThreshold);
    }

    /** Points at fixed thresholds, ascending. */
    public List<CurvePoint> curve(NodeCriterion criterion, double edgeThreshold) {
        return DoubleStream.of(GRID)
                .mapToObj(threshold -> {
                    PrunedGraph circuit = atThreshold(criterion, new PruningOptions(threshold, edgeThreshold))
                            .circuit();
                    return new CurvePoint(
                            criterion, threshold, circuit.nodes().length, circuit.edgeCount(), circuit.foldedScores());
                })
                .toList();
    }

    private NodeRanking ranking(NodeCriterion criterion) {
        if (criterion == NodeCriterion.INFLUENCE) {
            return byInfluence;
        }
        if (byElimination == null) {
            byElimination = NodeRanking.of(Elimination.places(graph, influence));
        }
        return byElimination;
    }

    private PrunedGraph circuit(NodeRanking ranking, int j, double edgeThreshold) {
        return Pruner.prune(graph, influence, shares, ranking.kept(j, influence.length), edgeThreshold);
    }

    private boolean keeps(NodeRanking ranking, int j, double edgeThreshold, double least) {
        return circuit(ranking, j, edgeThreshold).foldedScores().completeness() >= least;
    }

    private NodeFlow flow(NodeRanking ranking, int j) {
        boolean[] explains = ranking.kept(j, influence.length);
        Arrays.fill(explains, graph.nodes().firstError(), graph.nodes().firstToken(), false);
        return new NodeFlow(graph, explains);
    }

    private int scanned() {
        long entries = Math.max(1, graph.rows().col().length);
        return (int) Math.max(LEAST_SCANNED, Math.min(MOST_SCANNED, SCANNED_ENTRIES / entries));
    }

    /** The smallest in [from, to] of a condition that stays when it holds once; to when it never does. */
    private static int smallest(int from, int to, IntPredicate condition) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (condition.test(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return high;
    }

    private int size(PrunedGraph circuit) {
        int size = 0;
        for (int i = 0; i < graph.nodes().firstToken(); i++) {
            size += circuit.nodeKept()[i] ? 1 : 0;
        }
        return size;
    }

    private ChosenCircuit chosen(NodeCriterion criterion, int j, double edgeThreshold) {
        NodeRanking ranking = ranking(criterion);
        return new ChosenCircuit(
                circuit(ranking, j, edgeThreshold),
                criterion,
                new PruningOptions(thresholdOf(ranking, j), edgeThreshold));
    }

    /** Half a node below the cumulative share, so that no rounding moves the cut to the next node. */
    private double thresholdOf(NodeRanking ranking, int j) {
        double total = Arrays.stream(influence).sum();
        double threshold = Double.MIN_VALUE;
        for (int i = 0; i < ranking.score().length; i++) {
            if (ranking.score()[i] >= ranking.cut()[j]) {
                threshold = Math.max(threshold, shares[i] - influence[i] / (2 * total));
            }
        }
        return threshold;
    }
}
