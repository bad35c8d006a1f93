package io.circuitstream.circuits.pruning;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.LogitTarget;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Random causal graphs with ties, empty rows and isolated nodes, as a dense matrix and as the sparse rows of it. */
record RandomGraph(double[][] dense, AttributionGraph graph) {

    static RandomGraph draw(long seed) {
        return draw(seed, false);
    }

    /** With features that have no row, as bounded attribution leaves them. */
    static RandomGraph bounded(long seed) {
        return draw(seed, true);
    }

    private static RandomGraph draw(long seed, boolean bounded) {
        Random random = new Random(seed);
        int layers = 1 + random.nextInt(3);
        int length = 1 + random.nextInt(3);
        int[] layerStart = new int[layers + 1];
        List<int[]> features = new ArrayList<>();
        for (int l = 0; l < layers; l++) {
            for (int p = 0; p < length; p++) {
                for (int f = 0; f < random.nextInt(4); f++) {
                    features.add(new int[] {l, p, f});
                }
            }
            layerStart[l + 1] = features.size();
        }
        int[] ids = random.ints(length, 0, 50).toArray();
        List<LogitTarget> targets = new ArrayList<>();
        for (int k = 0; k <= random.nextInt(3); k++) {
            targets.add(new LogitTarget(k, "t" + k, (float) Math.pow(2, -1 - k)));
        }
        float[] ones = new float[features.size()];
        Arrays.fill(ones, 1);
        Nodes nodes = new Nodes(
                layers,
                0,
                ids,
                Arrays.stream(ids).mapToObj(Integer::toString).toList(),
                new ActiveFeatures(column(features, 0), column(features, 1), column(features, 2), ones, layerStart),
                new float[layers * length],
                targets);
        double[][] dense = new double[nodes.count()][nodes.count()];
        boolean[] hasRow = new boolean[nodes.count()];
        double density = random.nextDouble();
        for (int t = 0; t < dense.length; t++) {
            Nodes.Kind kind = nodes.kind(t);
            hasRow[t] =
                    kind == Nodes.Kind.LOGIT || (kind == Nodes.Kind.FEATURE && !(bounded && random.nextInt(6) == 0));
            for (int s = 0; s < nodes.firstLogit(); s++) {
                boolean causal = nodes.layer(s) < nodes.layer(t) && nodes.position(s) <= nodes.position(t);
                if (hasRow[t] && causal && random.nextDouble() < density) {
                    // Few sizes, so that ties happen; exact in float.
                    dense[t][s] = (random.nextInt(9) - 4) / 4.;
                }
            }
        }
        return new RandomGraph(dense, sparse(nodes, dense, hasRow));
    }

    private static int[] column(List<int[]> features, int i) {
        return features.stream().mapToInt(f -> f[i]).toArray();
    }

    private static AttributionGraph sparse(Nodes nodes, double[][] dense, boolean[] hasRow) {
        List<Integer> rowNode = new ArrayList<>();
        List<Long> rowPtr = new ArrayList<>(List.of(0L));
        List<Integer> col = new ArrayList<>();
        List<Float> val = new ArrayList<>();
        List<Float> absSum = new ArrayList<>();
        for (int t = 0; t < dense.length; t++) {
            if (hasRow[t]) {
                float sum = 0;
                for (int s = 0; s < dense.length; s++) {
                    if (dense[t][s] != 0) {
                        col.add(s);
                        val.add((float) dense[t][s]);
                        sum += (float) Math.abs(dense[t][s]);
                    }
                }
                rowNode.add(t);
                rowPtr.add((long) col.size());
                absSum.add(sum);
            }
        }
        int rows = rowNode.size();
        return AttributionGraph.ofRows(
                nodes,
                new SparseRows(
                        rowNode.stream().mapToInt(i -> i).toArray(),
                        rowPtr.stream().mapToLong(i -> i).toArray(),
                        col.stream().mapToInt(i -> i).toArray(),
                        floats(val),
                        floats(absSum),
                        new float[rows],
                        new float[rows]));
    }

    private static float[] floats(List<Float> list) {
        float[] values = new float[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.get(i);
        }
        return values;
    }
}
