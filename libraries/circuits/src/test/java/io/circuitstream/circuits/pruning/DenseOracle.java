package io.circuitstream.circuits.pruning;

import io.circuitstream.circuits.graph.Nodes;
import java.util.Arrays;

/** circuits.md §4 on dense matrices, as it is written there: power series, no sparse rows, no single pass. */
final class DenseOracle {
    final double[] influence;
    final boolean[] nodes;
    final boolean[][] edges;
    private final double[][] dense;
    private final Nodes about;

    DenseOracle(double[][] dense, Nodes about, double nodeThreshold, double edgeThreshold) {
        this.dense = dense;
        this.about = about;
        int n = dense.length;
        influence = influence(normalised(dense));
        nodes = new boolean[n];
        double cut = threshold(influence, nodeThreshold);
        for (int i = 0; i < n; i++) {
            Nodes.Kind kind = about.kind(i);
            nodes[i] = kind == Nodes.Kind.TOKEN || kind == Nodes.Kind.LOGIT || influence[i] >= cut - 1e-12;
        }
        edges = keepEdges(edgeThreshold);
        fixpoint();
    }

    static double[][] normalised(double[][] a) {
        double[][] result = new double[a.length][a.length];
        for (int t = 0; t < a.length; t++) {
            double sum = Arrays.stream(a[t]).map(Math::abs).sum();
            for (int s = 0; s < a.length; s++) {
                result[t][s] = Math.abs(a[t][s]) / Math.max(sum, 1e-10);
            }
        }
        return result;
    }

    /** wÂ + wÂ² + … until nothing is left; paths are finite. */
    double[] influence(double[][] hat) {
        double[] term = new double[hat.length];
        for (int i = 0; i < term.length; i++) {
            term[i] = about.weight(i);
        }
        double[] sum = new double[term.length];
        for (int step = 0; step <= about.layers() + 1; step++) {
            double[] next = new double[term.length];
            for (int t = 0; t < term.length; t++) {
                for (int s = 0; s < term.length; s++) {
                    next[s] += term[t] * hat[t][s];
                }
            }
            for (int i = 0; i < sum.length; i++) {
                sum[i] += next[i];
            }
            term = next;
        }
        return sum;
    }

    static double threshold(double[] scores, double share) {
        double[] sorted =
                Arrays.stream(scores).map(s -> -s).sorted().map(s -> -s).toArray();
        double total = Arrays.stream(sorted).sum();
        double sum = 0;
        double last = Double.POSITIVE_INFINITY;
        for (double s : sorted) {
            if (s <= 0) {
                break;
            }
            last = s;
            sum += s;
            if (sum / total >= share) {
                break;
            }
        }
        return last;
    }

    private boolean[][] keepEdges(double share) {
        int n = dense.length;
        double[][] left = new double[n][n];
        for (int t = 0; t < n; t++) {
            for (int s = 0; s < n; s++) {
                left[t][s] = nodes[t] && nodes[s] ? dense[t][s] : 0;
            }
        }
        double[][] hat = normalised(left);
        double[] again = influence(hat);
        double[] scores = new double[n * n];
        for (int t = 0; t < n; t++) {
            for (int s = 0; s < n; s++) {
                scores[t * n + s] = hat[t][s] * (again[t] + about.weight(t));
            }
        }
        double cut = threshold(scores, share);
        boolean[][] kept = new boolean[n][n];
        for (int i = 0; i < n * n; i++) {
            kept[i / n][i % n] = scores[i] >= cut - 1e-12;
        }
        return kept;
    }

    private void fixpoint() {
        int n = dense.length;
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int i = 0; i < n; i++) {
                boolean out = false;
                boolean in = false;
                for (int j = 0; j < n; j++) {
                    out |= edges[j][i];
                    in |= edges[i][j];
                }
                boolean dangling =
                        switch (about.kind(i)) {
                            case FEATURE -> !out || !in;
                            case ERROR -> !out;
                            case TOKEN, LOGIT -> false;
                        };
                if (nodes[i] && dangling) {
                    nodes[i] = false;
                    changed = true;
                    for (int j = 0; j < n; j++) {
                        edges[j][i] = false;
                        edges[i][j] = false;
                    }
                }
            }
        }
    }

    /** The pruned graph with what was removed really added into error nodes: as absolute values, or with its signs. */
    PrunedGraph.Scores folded(boolean signed) {
        int n = dense.length;
        double[][] folded = new double[n][n];
        for (int t = 0; t < n; t++) {
            for (int s = 0; s < n && nodes[t]; s++) {
                boolean error = about.kind(s) == Nodes.Kind.ERROR;
                int into = edges[t][s] || error ? s : about.error(Math.max(0, about.layer(s)), about.position(s));
                folded[t][into] += signed ? dense[t][s] : Math.abs(dense[t][s]);
            }
        }
        double[][] hat = normalised(folded);
        double[] reached = influence(hat);
        double tokens = 0;
        double errors = 0;
        double complete = 0;
        double all = 0;
        for (int t = 0; t < n; t++) {
            double weight = reached[t] + about.weight(t);
            double fromErrors = 0;
            for (int s = 0; s < n; s++) {
                fromErrors += about.kind(s) == Nodes.Kind.ERROR ? hat[t][s] : 0;
            }
            complete += weight * (1 - fromErrors);
            all += weight;
            tokens += about.kind(t) == Nodes.Kind.TOKEN ? reached[t] : 0;
            errors += about.kind(t) == Nodes.Kind.ERROR ? reached[t] : 0;
        }
        return new PrunedGraph.Scores(tokens + errors == 0 ? 0 : tokens / (tokens + errors), complete / all);
    }
}
