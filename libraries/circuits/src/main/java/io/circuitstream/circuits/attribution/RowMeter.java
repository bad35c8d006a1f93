package io.circuitstream.circuits.attribution;

import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.replacement.ActiveFeatures;

/** Keeps count of rows, work and influence for {@link RowProgress}. */
final class RowMeter {
    private final Nodes nodes;
    private final double weight;
    private final RowProgress progress;
    private int rows;
    private int most;
    private double work;
    private double allWork;
    private double settled;

    RowMeter(Nodes nodes, double weight, RowProgress progress) {
        this.nodes = nodes;
        this.weight = weight;
        this.progress = progress;
        this.most = nodes.featureCount() + nodes.targets().size();
        this.allWork = work(0, nodes.featureCount());
    }

    /** A layer begins: what its features pass on is still open, what was not chosen of it is settled. */
    void layer(int layer, int[] chosen, double[] influence) {
        ActiveFeatures features = nodes.features();
        int begin = features.layerStart()[layer];
        int skipped = features.layerStart()[layer + 1] - begin - chosen.length;
        most -= skipped;
        double open = 0;
        for (int i = 0; i < begin; i++) {
            open += influence[i];
        }
        double chosenWork = 0;
        for (int i : chosen) {
            open += influence[i];
            chosenWork += work(i);
        }
        allWork = work + chosenWork + work(0, begin);
        settled = weight == 0 ? 1 : Math.max(0, 1 - open / weight);
    }

    void done(Batch batch) {
        rows += batch.size();
        for (int node : batch.node()) {
            work += node < nodes.featureCount() ? work(node) : 0;
        }
        double share = allWork == 0 ? 1 : Math.min(1, work / allWork);
        progress.rows(new RowProgress.Done(rows, most, share, rows == most ? 1 : settled));
    }

    private double work(int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += work(i);
        }
        return sum;
    }

    /** In proportion to the operations of a row (circuits.md §3). */
    private double work(int feature) {
        return (nodes.features().layer()[feature] + 1.0) * (nodes.features().position()[feature] + 1);
    }
}
