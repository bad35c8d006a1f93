package io.circuitstream.circuits.pruning;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * circuits.md §4 on sparse rows with everything stored and sorted: a score for every entry, cuts by sorting all of them, rounds
 * over all entries until nothing dangles. The oracle for graphs too large for {@link DenseOracle}.
 */
final class SortedPruner {
    final double[] influence;
    final boolean[] nodeKept;
    final boolean[] edgeKept;
    int lost;
    private final Nodes nodes;
    private final SparseRows rows;

    SortedPruner(AttributionGraph graph, PruningOptions options) {
        nodes = graph.nodes();
        rows = graph.rows();
        influence = influence();
        double cut = cut(influence, options.nodeThreshold());
        nodeKept = new boolean[nodes.count()];
        for (int i = 0; i < nodeKept.length; i++) {
            nodeKept[i] = influence[i] >= cut || i >= nodes.firstToken();
        }
        double[] edgeScore = edgeScores();
        double edgeCut = cut(edgeScore, options.edgeThreshold());
        edgeKept = new boolean[edgeScore.length];
        for (int e = 0; e < edgeKept.length; e++) {
            edgeKept[e] = edgeScore[e] >= edgeCut;
        }
        while (dropDangling()) {
            dropEdges();
        }
    }

    private double[] influence() {
        double[] influence = new double[nodes.count()];
        for (int r = rows.count() - 1; r >= 0; r--) {
            int target = rows.rowNode()[r];
            double total = influence[target] + nodes.weight(target);
            for (int e = rows.begin(r); e < rows.end(r) && total != 0; e++) {
                influence[rows.col()[e]] += total * rows.share(r, e);
            }
        }
        return influence;
    }

    static double cut(double[] scores, double share) {
        double[] sorted = Arrays.stream(scores).filter(s -> s > 0).sorted().toArray();
        if (sorted.length == 0) {
            return Double.POSITIVE_INFINITY;
        }
        double total = 0;
        for (int i = sorted.length - 1; i >= 0; i--) {
            total += sorted[i];
        }
        double sum = 0;
        for (int i = sorted.length - 1; i >= 0; i--) {
            sum += sorted[i];
            if (sum / total >= share) {
                return sorted[i];
            }
        }
        return sorted[0];
    }

    static double[] cumulativeShares(double[] scores) {
        Integer[] order = IntStream.range(0, scores.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> -scores[i]));
        double total = 0;
        for (int i : order) {
            total += scores[i];
        }
        double[] shares = new double[scores.length];
        double sum = 0;
        for (int i : order) {
            sum += scores[i];
            shares[i] = total == 0 ? 1 : sum / total;
        }
        return shares;
    }

    private double[] edgeScores() {
        double[] again = new double[nodes.count()];
        double[] score = new double[rows.col().length];
        for (int r = rows.count() - 1; r >= 0; r--) {
            int target = rows.rowNode()[r];
            double total = again[target] + nodes.weight(target);
            if (!nodeKept[target] || total == 0) {
                continue;
            }
            double sum = 0;
            for (int e = rows.begin(r); e < rows.end(r); e++) {
                sum += nodeKept[rows.col()[e]] ? Math.abs(rows.val()[e]) : 0;
            }
            for (int e = rows.begin(r); e < rows.end(r); e++) {
                int source = rows.col()[e];
                if (nodeKept[source]) {
                    score[e] = total * Math.abs(rows.val()[e]) / Math.max(sum, 1e-10);
                    again[source] += score[e];
                }
            }
        }
        return score;
    }

    private boolean dropDangling() {
        boolean[] outgoing = new boolean[nodeKept.length];
        boolean[] incoming = new boolean[nodeKept.length];
        for (int r = 0; r < rows.count(); r++) {
            for (int e = rows.begin(r); e < rows.end(r); e++) {
                if (edgeKept[e]) {
                    outgoing[rows.col()[e]] = true;
                    incoming[rows.rowNode()[r]] = true;
                }
            }
        }
        boolean dropped = false;
        for (int i = 0; i < nodes.firstToken(); i++) {
            boolean dangling = !outgoing[i] || (i < nodes.firstError() && !incoming[i]);
            if (nodeKept[i] && dangling) {
                nodeKept[i] = false;
                dropped = true;
                lost++;
            }
        }
        return dropped;
    }

    private void dropEdges() {
        for (int r = 0; r < rows.count(); r++) {
            for (int e = rows.begin(r); e < rows.end(r); e++) {
                edgeKept[e] &= nodeKept[rows.rowNode()[r]] && nodeKept[rows.col()[e]];
            }
        }
    }

    PrunedGraph.Scores foldedScores() {
        double[] folded = new double[nodes.count()];
        double errors = 0;
        double tokens = 0;
        double all = 0;
        for (int i = nodes.firstLogit(); i < nodes.count(); i++) {
            all += nodes.weight(i);
        }
        for (int r = rows.count() - 1; r >= 0; r--) {
            int target = rows.rowNode()[r];
            double total = folded[target] + nodes.weight(target);
            if (!nodeKept[target] || total == 0 || rows.absSum()[r] == 0) {
                continue;
            }
            double explained = 0;
            for (int e = rows.begin(r); e < rows.end(r); e++) {
                int source = rows.col()[e];
                if (edgeKept[e] && nodes.kind(source) != Nodes.Kind.ERROR) {
                    double share = rows.share(r, e);
                    explained += share;
                    folded[source] += total * share;
                    all += total * share;
                    tokens += nodes.kind(source) == Nodes.Kind.TOKEN ? total * share : 0;
                }
            }
            double error = total * Math.max(0, 1 - explained);
            errors += error;
            all += error;
        }
        return new PrunedGraph.Scores(
                tokens + errors == 0 ? 0 : tokens / (tokens + errors), all == 0 ? 0 : (all - errors) / all);
    }
}
