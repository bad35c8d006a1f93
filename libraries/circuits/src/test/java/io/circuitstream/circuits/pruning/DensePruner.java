package io.circuitstream.circuits.pruning;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import java.util.Arrays;

/**
 * Pruning as circuit-tracer does it, in float32 on N×N matrices: the power iteration until nothing is left, all of the edge scores,
 * and masks until they no longer change. Better than its operations one by one: four rows a pass in the matrix-vector products,
 * only scores above 0 are sorted, and whole rows are skipped by the masks.
 */
final class DensePruner {
    private final Nodes nodes;
    private final int n;
    /** A, row by row. */
    private final float[] matrix;

    private final float[] weight;

    /** The masks; edge [t·N + s]. */
    record Kept(boolean[] nodes, boolean[] edges) {}

    DensePruner(AttributionGraph graph) {
        this.nodes = graph.nodes();
        this.n = nodes.count();
        this.matrix = new float[Math.multiplyExact(n, n)];
        this.weight = new float[n];
        SparseRows rows = graph.rows();
        for (int r = 0; r < rows.count(); r++) {
            for (int e = rows.begin(r); e < rows.end(r); e++) {
                matrix[rows.rowNode()[r] * n + rows.col()[e]] = rows.val()[e];
            }
        }
        for (int i = nodes.firstLogit(); i < n; i++) {
            weight[i] = (float) nodes.weight(i);
        }
    }

    /** Â of the whole graph. */
    float[] normalised() {
        float[] hat = matrix.clone();
        normalise(hat);
        return hat;
    }

    /** infl = wÂ + wÂ² + … until the term is 0, which on a DAG it becomes. */
    float[] influence(float[] hat) {
        float[] term = times(weight, hat);
        float[] sum = term.clone();
        while (any(term)) {
            term = times(term, hat);
            for (int s = 0; s < n; s++) {
                sum[s] += term[s];
            }
        }
        return sum;
    }

    private static boolean any(float[] term) {
        for (float v : term) {
            if (v != 0) {
                return true;
            }
        }
        return false;
    }

    /** Row vector times matrix, four rows a pass: what is added to is read and written a quarter as often. */
    private float[] times(float[] v, float[] m) {
        float[] out = new float[n];
        int t = 0;
        for (; t + 3 < n; t += 4) {
            addFour(out, m, t * n, v[t], v[t + 1], v[t + 2], v[t + 3]);
        }
        for (; t < n; t++) {
            for (int s = 0; s < n; s++) {
                out[s] += v[t] * m[t * n + s];
            }
        }
        return out;
    }

    private void addFour(float[] out, float[] m, int at, float a, float b, float c, float d) {
        int second = at + n;
        int third = second + n;
        int fourth = third + n;
        for (int s = 0; s < out.length; s++) {
            out[s] += a * m[at + s] + b * m[second + s] + c * m[third + s] + d * m[fourth + s];
        }
    }

    private void normalise(float[] m) {
        for (int t = 0; t < n; t++) {
            float sum = absSum(m, t * n);
            float factor = 1 / Math.max(sum, 1e-10f);
            for (int i = t * n; i < (t + 1) * n; i++) {
                m[i] = Math.abs(m[i]) * factor;
            }
        }
    }

    /** In four sums, which do not wait for each other. */
    private float absSum(float[] m, int at) {
        float first = 0;
        float second = 0;
        float third = 0;
        float fourth = 0;
        int s = at;
        for (; s + 3 < at + n; s += 4) {
            first += Math.abs(m[s]);
            second += Math.abs(m[s + 1]);
            third += Math.abs(m[s + 2]);
            fourth += Math.abs(m[s + 3]);
        }
        for (; s < at + n; s++) {
            first += Math.abs(m[s]);
        }
        return first + second + third + fourth;
    }

    Kept prune(PruningOptions options) {
        float[] influence = influence(normalised());
        float cut = threshold(influence.clone(), options.nodeThreshold());
        boolean[] kept = new boolean[n];
        for (int i = 0; i < n; i++) {
            kept[i] = i >= nodes.firstToken() || influence[i] >= cut;
        }
        float[] scores = edgeScores(kept);
        float edgeCut = threshold(positive(scores), options.edgeThreshold());
        boolean[] edges = new boolean[scores.length];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = scores[i] >= edgeCut;
        }
        while (dropDangling(kept, edges)) {
            mask(kept, edges);
        }
        return new Kept(kept, edges);
    }

    private float[] edgeScores(boolean[] kept) {
        float[] m = matrix.clone();
        for (int t = 0; t < n; t++) {
            for (int s = 0; s < n; s++) {
                m[t * n + s] = kept[t] && kept[s] ? m[t * n + s] : 0;
            }
        }
        normalise(m);
        float[] influence = influence(m);
        for (int t = 0; t < n; t++) {
            float total = influence[t] + weight[t];
            for (int i = t * n; i < (t + 1) * n; i++) {
                m[i] *= total;
            }
        }
        return m;
    }

    private static float[] positive(float[] scores) {
        int count = 0;
        for (float score : scores) {
            count += score > 0 ? 1 : 0;
        }
        float[] positive = new float[count];
        int at = 0;
        for (float score : scores) {
            if (score > 0) {
                positive[at++] = score;
            }
        }
        return positive;
    }

    /** Sorts what it is given. */
    private static float threshold(float[] scores, double share) {
        Arrays.sort(scores);
        double total = 0;
        for (float score : scores) {
            total += score;
        }
        double sum = 0;
        for (int i = scores.length - 1; i >= 0; i--) {
            sum += scores[i];
            if (sum / total >= share) {
                return scores[i];
            }
        }
        return Float.POSITIVE_INFINITY;
    }

    /** True when a node was dropped. */
    private boolean dropDangling(boolean[] kept, boolean[] edges) {
        boolean[] outgoing = new boolean[n];
        boolean[] incoming = new boolean[n];
        for (int t = 0; t < n; t++) {
            for (int s = 0; kept[t] && s < n; s++) {
                outgoing[s] |= edges[t * n + s];
                incoming[t] |= edges[t * n + s];
            }
        }
        boolean dropped = false;
        for (int i = 0; i < nodes.firstToken(); i++) {
            boolean dangling = !outgoing[i] || (i < nodes.firstError() && !incoming[i]);
            dropped |= kept[i] && dangling;
            kept[i] &= !dangling;
        }
        return dropped;
    }

    private void mask(boolean[] kept, boolean[] edges) {
        for (int t = 0; t < n; t++) {
            for (int s = 0; s < n; s++) {
                edges[t * n + s] &= kept[t] && kept[s];
            }
        }
    }
}
