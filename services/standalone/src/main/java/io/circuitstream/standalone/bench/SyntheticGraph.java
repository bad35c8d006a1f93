package io.circuitstream.standalone.bench;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.LogitTarget;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A random graph of any size with the structure of a real one: 12 layers, 32 tokens, 10 logits; features and errors are read
 * from lower layers and positions up to a target's own only; a few entries of a row hold most of it.
 */
final class SyntheticGraph {
    private static final int LAYERS = 12;
    private static final int POSITIONS = 32;
    private static final int LOGITS = 10;
    private static final int OTHERS = LAYERS * POSITIONS + POSITIONS + LOGITS;
    /** Of the logarithm of an entry: the largest hundredth then hold more than a third of a row. */
    private static final double SPREAD = 2;

    private SyntheticGraph() {}

    /**
     * The same for the same seed.
     *
     * @param edges stored, exactly
     * @throws IllegalArgumentException if there are fewer nodes than errors, tokens and logits, or fewer pairs than edges
     */
    static AttributionGraph of(int count, int edges, long seed) {
        if (count <= OTHERS) {
            throw new IllegalArgumentException(
                    "a graph has more than " + OTHERS + " nodes (errors, tokens, logits), not " + count);
        }
        Nodes nodes = nodes(count - OTHERS);
        Order order = Order.of(nodes);
        long pairs = order.pairs(nodes);
        if (edges < 1 || edges > pairs) {
            throw new IllegalArgumentException(
                    "a graph of " + count + " nodes has 1 to " + pairs + " edges, not " + edges);
        }
        return AttributionGraph.ofRows(nodes, rows(nodes, order, pairs, edges, new SplittableRandom(seed)));
    }

    /** Features evenly over layers and positions. */
    private static Nodes nodes(int features) {
        int[] layer = new int[features];
        int[] position = new int[features];
        int[] index = new int[features];
        float[] activation = new float[features];
        int[] layerStart = new int[LAYERS + 1];
        for (int f = 0; f < features; f++) {
            int cell = (int) ((long) f * LAYERS * POSITIONS / features);
            layer[f] = cell / POSITIONS;
            position[f] = cell % POSITIONS;
            index[f] = f;
            activation[f] = 1;
            layerStart[layer[f] + 1] = f + 1;
        }
        for (int l = 0; l < LAYERS; l++) {
            layerStart[l + 1] = Math.max(layerStart[l + 1], layerStart[l]);
        }
        List<LogitTarget> targets = IntStream.range(0, LOGITS)
                .mapToObj(i -> new LogitTarget(i, "w" + i, 1f / LOGITS))
                .toList();
        return new Nodes(
                LAYERS,
                0,
                IntStream.range(0, POSITIONS).toArray(),
                Collections.nCopies(POSITIONS, "w"),
                new ActiveFeatures(layer, position, index, activation, layerStart),
                new float[LAYERS * POSITIONS],
                targets);
    }

    /** Who reads from whom. */
    private record Order(int[] layer, int[] position) {
        static Order of(Nodes nodes) {
            return new Order(
                    IntStream.range(0, nodes.count()).map(nodes::layer).toArray(),
                    IntStream.range(0, nodes.count()).map(nodes::position).toArray());
        }

        boolean reads(int target, int source) {
            return layer[source] < layer[target] && position[source] <= position[target];
        }

        /** How many pairs of a feature or logit and what it reads there are. */
        long pairs(Nodes nodes) {
            long pairs = 0;
            for (int row = 0; row < nodes.featureCount() + LOGITS; row++) {
                for (int source = 0; source < nodes.firstLogit(); source++) {
                    pairs += reads(target(nodes, row), source) ? 1 : 0;
                }
            }
            return pairs;
        }
    }

    private static int target(Nodes nodes, int row) {
        return row < nodes.featureCount() ? row : nodes.firstLogit() + row - nodes.featureCount();
    }

    /** Rows of features and logits; chooses edges among all pairs, each set of them as likely as any other. */
    private static SparseRows rows(Nodes nodes, Order order, long pairs, int edges, SplittableRandom random) {
        int count = nodes.featureCount() + LOGITS;
        int[] rowNode = new int[count];
        long[] rowPtr = new long[count + 1];
        int[] col = new int[edges];
        float[] val = new float[edges];
        float[] absSum = new float[count];
        long left = pairs;
        int at = 0;
        for (int row = 0; row < count; row++) {
            int target = target(nodes, row);
            rowNode[row] = target;
            double sum = 0;
            for (int source = 0; source < nodes.firstLogit(); source++) {
                if (order.reads(target, source) && random.nextDouble() * left-- < edges - at) {
                    col[at] = source;
                    val[at] = value(random);
                    sum += Math.abs(val[at++]);
                }
            }
            rowPtr[row + 1] = at;
            absSum[row] = (float) sum;
        }
        return new SparseRows(rowNode, rowPtr, col, val, absSum, new float[count], new float[count]);
    }

    private static float value(SplittableRandom random) {
        double size = Math.exp(SPREAD * random.nextGaussian());
        return (float) (random.nextBoolean() ? size : -size);
    }
}
