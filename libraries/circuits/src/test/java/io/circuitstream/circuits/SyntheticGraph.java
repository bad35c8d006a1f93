package io.circuitstream.circuits;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.LogitTarget;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Seeded causal graphs of a wanted size, for measurements and for oracles that need many entries: twelve layers, features spread
 * evenly over layers and positions, ten logits. Every possible edge (a source in a lower layer, at a position not after the
 * target's) is stored with the same probability; sizes are log-normal (σ 2), so that a few entries hold most of a row, and a row's
 * exact sum is a thousandth above that of the stored entries, as after compression. Influence is spread more evenly over the nodes
 * than in a model's graph: more nodes survive, and pruning has more to do.
 */
public final class SyntheticGraph {
    private static final int LAYERS = 12;
    private static final int LOGITS = 10;

    private final Random random;
    private final Nodes nodes;
    private final double density;
    private int[] col;
    private float[] val;
    private int entries;

    private SyntheticGraph(long seed, Nodes nodes, long edges) {
        this.random = new Random(seed);
        this.nodes = nodes;
        long possible = IntStream.concat(
                        IntStream.range(0, nodes.featureCount()), IntStream.range(nodes.firstLogit(), nodes.count()))
                .mapToLong(t -> (long) nodes.layer(t) * (nodes.position(t) + 1) * perSite(nodes))
                .sum();
        this.density = edges / (double) possible;
        this.col = new int[Math.toIntExact(edges + edges / 50 + 1000)];
        this.val = new float[col.length];
    }

    /** A graph of at least as many nodes, the sites being equal, and about as many stored edges, which are drawn. */
    public static AttributionGraph of(long seed, int nodes, int positions, long edges) {
        int sites = LAYERS * positions;
        int perSite = Math.max(1, (nodes - LOGITS - positions + sites - 1) / sites - 1);
        return new SyntheticGraph(seed, nodes(positions, perSite), edges).draw();
    }

    /** The same graph with rows of which nothing was dropped: their sums are those of the stored entries. */
    public static AttributionGraph undropped(AttributionGraph graph) {
        SparseRows rows = graph.rows();
        float[] absSum = new float[rows.count()];
        for (int r = 0; r < absSum.length; r++) {
            absSum[r] = (float) storedSum(rows.val(), rows.begin(r), rows.end(r));
        }
        return AttributionGraph.ofRows(
                graph.nodes(),
                new SparseRows(
                        rows.rowNode(), rows.rowPtr(), rows.col(), rows.val(), absSum, rows.bias(), rows.value()));
    }

    private static double storedSum(float[] val, int begin, int end) {
        double sum = 0;
        for (int e = begin; e < end; e++) {
            sum += Math.abs(val[e]);
        }
        return sum;
    }

    private static int perSite(Nodes nodes) {
        return nodes.featureCount() / (LAYERS * nodes.positions()) + 1;
    }

    private static Nodes nodes(int positions, int perSite) {
        int features = LAYERS * positions * perSite;
        float[] activation = new float[features];
        Arrays.fill(activation, 1);
        float[] errorNorm = new float[LAYERS * positions];
        Arrays.fill(errorNorm, 1);
        return new Nodes(
                LAYERS,
                0,
                new int[positions],
                IntStream.range(0, positions).mapToObj(p -> "t" + p).toList(),
                new ActiveFeatures(
                        IntStream.range(0, features)
                                .map(i -> i / (positions * perSite))
                                .toArray(),
                        IntStream.range(0, features)
                                .map(i -> i / perSite % positions)
                                .toArray(),
                        IntStream.range(0, features).map(i -> i % perSite).toArray(),
                        activation,
                        IntStream.rangeClosed(0, LAYERS)
                                .map(l -> l * positions * perSite)
                                .toArray()),
                errorNorm,
                IntStream.range(0, LOGITS)
                        .mapToObj(k -> new LogitTarget(k, "l" + k, (float) (.5 * Math.pow(.6, k))))
                        .toList());
    }

    private AttributionGraph draw() {
        int features = nodes.featureCount();
        int[] rowNode = IntStream.concat(
                        IntStream.range(0, features), IntStream.range(nodes.firstLogit(), nodes.count()))
                .toArray();
        long[] rowPtr = new long[rowNode.length + 1];
        float[] absSum = new float[rowNode.length];
        float[] value = new float[rowNode.length];
        Arrays.fill(value, 1);
        for (int r = 0; r < rowNode.length; r++) {
            row(rowNode[r]);
            rowPtr[r + 1] = entries;
            absSum[r] = (float) (1.001 * storedSum(val, (int) rowPtr[r], entries));
        }
        return AttributionGraph.ofRows(
                nodes,
                new SparseRows(
                        rowNode,
                        rowPtr,
                        Arrays.copyOf(col, entries),
                        Arrays.copyOf(val, entries),
                        absSum,
                        new float[rowNode.length],
                        value));
    }

    private void row(int target) {
        int positions = nodes.positions();
        int perSite = perSite(nodes) - 1;
        int reach = nodes.position(target) + 1;
        for (int layer = 0; layer < nodes.layer(target); layer++) {
            entries(layer * positions * perSite, reach * perSite);
        }
        for (int layer = 0; layer < nodes.layer(target); layer++) {
            entries(nodes.error(layer, 0), reach);
        }
        entries(nodes.firstToken(), reach);
    }

    private void entries(int from, int count) {
        for (int source = from; source < from + count; source++) {
            if (random.nextDouble() < density) {
                if (entries == col.length) {
                    col = Arrays.copyOf(col, entries + entries / 8);
                    val = Arrays.copyOf(val, col.length);
                }
                col[entries] = source;
                double size = Math.exp(2 * random.nextGaussian());
                val[entries++] = (float) (random.nextBoolean() ? size : -size);
            }
        }
    }
}
