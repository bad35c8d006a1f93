package io.circuitstream.circuits.pruning;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.SparseRows;
import java.util.BitSet;

/**
 * Â′[t,s]·(infl′[t] + w[t]) of every stored edge between kept nodes: the scores on the graph without the removed nodes' rows
 * and columns. Two numbers are stored a row, none an edge; every walk computes the scores again from the entries,
 * and passes over the rows of removed targets and of those that nothing reaches.
 */
final class EdgeScores implements CutSearch.Scores {
    private final SparseRows rows;
    private final boolean[] nodeKept;
    /** [R] infl′ + w of the row's node, which of a removed node is 0. */
    private final double[] total;
    /** [R] Σ|A| over the kept sources. */
    private final double[] sum;
    /** Of the row that was read last: its edges from kept sources, and their |A|, later their scores. */
    private final int[] entry;

    private final double[] score;

    EdgeScores(AttributionGraph graph, boolean[] nodeKept) {
        this.rows = graph.rows();
        this.nodeKept = nodeKept;
        this.total = new double[rows.count()];
        this.sum = new double[rows.count()];
        int longest = 0;
        for (int r = 0; r < rows.count(); r++) {
            longest = Math.max(longest, rows.end(r) - rows.begin(r));
        }
        this.entry = new int[longest + 1];
        this.score = new double[longest + 1];
        double[] influence = new double[nodeKept.length];
        for (int r = rows.count() - 1; r >= 0; r--) {
            int target = rows.rowNode()[r];
            total[r] = influence[target] + graph.nodes().weight(target);
            if (total[r] != 0) {
                passOn(r, influence);
            }
        }
    }

    private void passOn(int row, double[] influence) {
        int n = read(row);
        double all = 0;
        for (int i = 0; i < n; i++) {
            all += score[i];
        }
        sum[row] = Math.max(all, 1e-10);
        score(row, n);
        int[] col = rows.col();
        for (int i = 0; i < n; i++) {
            influence[col[entry[i]]] += score[i];
        }
    }

    /** Leaves the entries and |A| of a row's edges from kept sources in the buffers; their number. */
    private int read(int row) {
        int[] col = rows.col();
        float[] val = rows.val();
        int end = rows.end(row);
        int n = 0;
        for (int e = rows.begin(row); e < end; e++) {
            // Written either way: whether a source is kept is a coin flip, which no branch predictor likes.
            entry[n] = e;
            score[n] = Math.abs(val[e]);
            n += nodeKept[col[e]] ? 1 : 0;
        }
        return n;
    }

    private void score(int row, int n) {
        double all = total[row];
        double of = sum[row];
        for (int i = 0; i < n; i++) {
            score[i] = all * score[i] / of;
        }
    }

    /** In blocks of a row. */
    @Override
    public void walk(CutSearch.Block block) {
        for (int r = 0; r < total.length; r++) {
            if (total[r] != 0) {
                int n = read(r);
                score(r, n);
                block.accept(score, n);
            }
        }
    }

    /** [E] the edges whose score is at least the cut, which is above 0. */
    BitSet atLeast(double cut) {
        BitSet kept = new BitSet(rows.col().length);
        walk((scores, n) -> {
            for (int i = 0; i < n; i++) {
                if (scores[i] >= cut) {
                    kept.set(entry[i]);
                }
            }
        });
        return kept;
    }
}
