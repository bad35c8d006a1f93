package io.circuitstream.circuits.pruning;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Greedy elimination: from the whole graph, what costs least is taken out again and again. A feature costs the completeness that
 * is lost without it, folded and exact: its mass, unless what it reads is lost anyway. An error explains nothing, so completeness
 * does not miss it; it costs its share of all mass, what of the lost would no longer be seen in its place.
 *
 * <p>A round takes the quarter of what is left that costs least, one node when fewer than eight are left, and then counts all
 * costs again; so the order of the last is exactly greedy, that of the others nearly. For N features and errors about
 * 3.5·ln(N/8) + 8 rounds, each of two passes over the rows of what is left: as much as some eight passes over all E entries.
 * Single use.
 */
final class Elimination {
    private static final int PARTS = 4;

    private final AttributionGraph graph;
    private final Nodes nodes;
    private final SparseRows rows;
    /** [N] kept features, all tokens and logits. */
    private final boolean[] explains;
    /** [N] of what leaves a node downwards, per unit of its mass: what is lost in the end, and all visits, its own included. */
    private final double[] lost;

    private final double[] visits;

    /** @param left features and errors, ascending */
    Elimination(AttributionGraph graph, int[] left) {
        this.graph = graph;
        this.nodes = graph.nodes();
        this.rows = graph.rows();
        this.explains = new boolean[nodes.count()];
        this.lost = new double[nodes.count()];
        this.visits = new double[nodes.count()];
        Arrays.fill(explains, nodes.firstToken(), nodes.count(), true);
        Arrays.fill(visits, 1);
        for (int i : left) {
            explains[i] = i < nodes.firstError();
        }
    }

    /** [F + L·T] 1 for what is taken out first, and so on; 0 for what no circuit can have: without influence, or without a row. */
    static double[] places(AttributionGraph graph, double[] influence) {
        Nodes nodes = graph.nodes();
        int[] left = IntStream.range(0, nodes.firstToken())
                .filter(i -> influence[i] > 0 && (i >= nodes.firstError() || hasRow(graph.rows(), i)))
                .toArray();
        return new Elimination(graph, left).run(left);
    }

    private static boolean hasRow(SparseRows rows, int node) {
        int row = rows.rowOf(node);
        return row >= 0 && rows.absSum()[row] != 0;
    }

    private double[] run(int[] all) {
        double[] place = new double[nodes.firstToken()];
        int[] left = all;
        for (int taken = 0; left.length > 0; ) {
            int[] order = cheapestFirst(left, costs(left));
            int now = Math.max(1, left.length / PARTS);
            for (int i = 0; i < now; i++) {
                place[order[i]] = ++taken;
                explains[order[i]] = false;
            }
            left = Arrays.copyOfRange(order, now, order.length);
            Arrays.sort(left);
        }
        return place;
    }

    private static int[] cheapestFirst(int[] left, double[] cost) {
        return IntStream.range(0, left.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> cost[i]))
                .mapToInt(i -> left[i])
                .toArray();
    }

    /** What it would cost to take out each of what is left, alone. */
    double[] costs(int[] left) {
        NodeFlow flow = new NodeFlow(graph, explains);
        upwards();
        return Arrays.stream(left).mapToDouble(i -> cost(flow, i)).toArray();
    }

    private double cost(NodeFlow flow, int node) {
        double mass = flow.mass[node];
        double all = flow.all();
        if (mass == 0) {
            return 0;
        }
        if (node >= nodes.firstError()) {
            return mass / all;
        }
        // All of its mass is lost at once, in one visit.
        double lostWithout = flow.lost() + mass * (1 - lost[node]);
        double allWithout = all + mass * (1 - visits[node]);
        return lostWithout / allWithout - flow.lost() / all;
    }

    private void upwards() {
        for (int r = 0; r < rows.count(); r++) {
            int target = rows.rowNode()[r];
            if (target < nodes.firstError() && explains[target] && rows.absSum()[r] != 0) {
                double lostBelow = 0;
                double visitsBelow = 0;
                double explained = 0;
                for (int e = rows.begin(r); e < rows.end(r); e++) {
                    int source = rows.col()[e];
                    double share = explains[source] ? rows.share(r, e) : 0;
                    explained += share;
                    lostBelow += share * lost[source];
                    visitsBelow += share * visits[source];
                }
                double error = Math.max(0, 1 - explained);
                lost[target] = lostBelow + error;
                visits[target] = 1 + visitsBelow + error;
            }
        }
    }
}
