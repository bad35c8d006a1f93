package io.circuitstream.circuits.attribution;

import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Collects rows in any order, different ones from different threads too, and yields them compressed in node order. When
 * there are too many entries, those that carry least influence are left out: memory is bounded whatever the length
 * of the prompt. Which ones are left out does not depend on the order.
 */
final class RowStore {
    /** So many times the limit is held before the least is left out, so that a row is looked at a few times in all. */
    private static final int SLACK = 2;

    /** Node, pointer, absolute sum, bias and value. */
    static final int ROW_BYTES = 24;

    /** Column and value. */
    static final int ENTRY_BYTES = 8;

    private final Nodes nodes;
    private final double rowDrop;
    private final long limit;
    private final int[][] columns;
    private final float[][] values;
    private final float[] absSum;
    private final float[] bias;
    private final float[] value;
    private final double[] influence;
    private final double[] errorShare;
    private final double[] leftOutShare;
    private final double[] conservationErrors;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong leftOut = new AtomicLong();
    private volatile float cut;

    /**
     * Room for a row of every node.
     *
     * @param rowDrop share of a row that its smallest entries may hold together and not be stored
     * @param limit most bytes of the finished rows: {@link #ROW_BYTES} each and {@link #ENTRY_BYTES} for each entry
     */
    RowStore(Nodes nodes, double rowDrop, long limit) {
        int n = nodes.count();
        this.nodes = nodes;
        this.rowDrop = rowDrop;
        this.limit = limit;
        this.columns = new int[n][];
        this.values = new float[n][];
        this.absSum = new float[n];
        this.bias = new float[n];
        this.value = new float[n];
        this.influence = new double[n];
        this.errorShare = new double[n];
        this.leftOutShare = new double[n];
        this.conservationErrors = new double[n];
    }

    /**
     * What a row is beside its entries.
     *
     * @param streamBias what reaches the target of biases through the stream
     * @param ownBias its own; apart, because the two may cancel and the error is relative to what was added up
     * @param preActivation the target's
     * @param influence the target's, its weight included; final
     */
    record Target(int node, double streamBias, double ownBias, double preActivation, double influence) {}

    /**
     * Stores one row and passes the target's influence on to its sources.
     *
     * @param effects [N], dense
     * @param passed [N]: what each source gets is added
     */
    void put(Target target, float[] effects, double[] passed, RowScratch scratch) {
        int node = target.node();
        scratch.begin(effects);
        double sum = scratch.sum();
        double biases = target.streamBias() + target.ownBias();
        double mass = Math.abs(target.streamBias()) + Math.abs(target.ownBias()) + sum;
        absSum[node] = (float) sum;
        bias[node] = (float) biases;
        value[node] = (float) target.preActivation();
        influence[node] = target.influence();
        conservationErrors[node] = Math.abs(scratch.signed() + biases - target.preActivation()) / Math.max(mass, 1e-30);
        compress(node, effects, rowDrop == 0 ? 0 : scratch.cut(effects, rowDrop * sum), passed, scratch);
    }

    /** @param smallest sizes up to it are dropped */
    private void compress(int node, float[] effects, float smallest, double[] passed, RowScratch scratch) {
        double perSize = perSize(node);
        float leastScore = cut;
        double fromErrors = 0;
        double omitted = 0;
        int omissions = 0;
        for (int s = 0; s < effects.length; s++) {
            float size = Math.abs(effects[s]);
            if (size > smallest) {
                double score = perSize * size;
                passed[s] += score;
                if ((float) score >= leastScore) {
                    scratch.keep(s, effects[s]);
                } else {
                    omitted += size;
                    omissions++;
                }
            }
        }
        for (int s = nodes.firstError(); s < nodes.firstToken(); s++) {
            float size = Math.abs(effects[s]);
            fromErrors += size > smallest ? size : 0;
        }
        errorShare[node] = fromErrors / Math.max(absSum[node], 1e-10);
        store(node, scratch.columns(), scratch.values(), omitted);
        leftOut.addAndGet(omissions);
    }

    private double perSize(int node) {
        return influence[node] / Math.max(absSum[node], 1e-10);
    }

    /** A row of which everything is left out is left out itself. */
    private void store(int node, int[] column, float[] entries, double omittedSize) {
        long before = columns[node] == null ? 0 : ROW_BYTES + (long) ENTRY_BYTES * columns[node].length;
        boolean stays = cut == 0 || column.length > 0;
        columns[node] = stays ? column : null;
        values[node] = entries;
        leftOutShare[node] += omittedSize / Math.max(absSum[node], 1e-10);
        bytes.addAndGet((stays ? ROW_BYTES + (long) ENTRY_BYTES * column.length : 0) - before);
    }

    /** Leaves out the least entries if there are far too many. Not while rows are put. */
    void bound() {
        if (bytes.get() > SLACK * limit) {
            leaveOut();
        }
    }

    private void leaveOut() {
        ScoreHistogram scores = new ScoreHistogram();
        rows().forEach(node -> {
            float best = 0;
            for (float v : values[node]) {
                float score = (float) (perSize(node) * Math.abs(v));
                scores.add(score, ENTRY_BYTES);
                best = Math.max(best, score);
            }
            scores.add(best, ROW_BYTES);
        });
        cut = scores.cut(limit);
        rows().forEach(this::leaveOut);
    }

    private void leaveOut(int node) {
        int[] column = columns[node];
        float[] value = values[node];
        int[] keptColumn = new int[column.length];
        float[] kept = new float[column.length];
        int count = 0;
        double omitted = 0;
        for (int e = 0; e < column.length; e++) {
            if ((float) (perSize(node) * Math.abs(value[e])) >= cut) {
                keptColumn[count] = column[e];
                kept[count++] = value[e];
            } else {
                omitted += Math.abs(value[e]);
            }
        }
        store(node, Arrays.copyOf(keptColumn, count), Arrays.copyOf(kept, count), omitted);
        leftOut.addAndGet(column.length - count);
    }

    /** Nodes with a row, ascending. */
    private IntStream rows() {
        return IntStream.range(0, columns.length).filter(node -> columns[node] != null);
    }

    /** The rows, within the limit. */
    SparseRows build() {
        if (bytes.get() > limit) {
            leaveOut();
        }
        int[] rowNode = rows().toArray();
        long[] rowPtr = new long[rowNode.length + 1];
        for (int r = 0; r < rowNode.length; r++) {
            rowPtr[r + 1] = rowPtr[r] + columns[rowNode[r]].length;
        }
        int[] col = new int[Math.toIntExact(rowPtr[rowNode.length])];
        float[] val = new float[col.length];
        for (int r = 0; r < rowNode.length; r++) {
            int node = rowNode[r];
            System.arraycopy(columns[node], 0, col, (int) rowPtr[r], columns[node].length);
            System.arraycopy(values[node], 0, val, (int) rowPtr[r], columns[node].length);
        }
        return new SparseRows(rowNode, rowPtr, col, val, of(absSum, rowNode), of(bias, rowNode), of(value, rowNode));
    }

    private static float[] of(float[] perNode, int[] rowNode) {
        float[] perRow = new float[rowNode.length];
        for (int r = 0; r < rowNode.length; r++) {
            perRow[r] = perNode[rowNode[r]];
        }
        return perRow;
    }

    /** Entries that were left out for the limit. */
    long leftOut() {
        return leftOut.get();
    }

    /**
     * Upper bound on the influence that a node misses by them: what they would have passed on (the argument of {@link
     * RowSelection}).
     */
    double leftOutInfluence() {
        return sum(leftOutShare);
    }

    /** Σ_t influence_t · (share of t's row that comes from errors). */
    double errorInfluence() {
        return sum(errorShare);
    }

    private double sum(double[] share) {
        double sum = 0;
        for (int node = 0; node < share.length; node++) {
            sum += influence[node] * share[node];
        }
        return sum;
    }

    /** The worst row's. */
    double conservationError() {
        return Arrays.stream(conservationErrors).max().orElse(0);
    }
}
