package io.circuitstream.standalone.bench;

import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.model.Attention;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder;

/**
 * The multiply-adds that the rows of one graph need at least (circuits.md §3): a target at layer l and position p needs the
 * layers below it and the positions up to its own, and nothing else.
 *
 * @param projections through W_O and W_V
 * @param patterns through the attention patterns
 * @param contractions with everything that writes at an output site, and with the embeddings
 */
public record AttributionWork(double projections, double patterns, double contractions) {

    /** Of every active feature and every logit target. */
    public static AttributionWork of(LocalReplacementModel local, Nodes nodes) {
        int layers = nodes.layers();
        double[][] attention = new double[layers + 1][nodes.positions()];
        double[][] patterns = new double[layers + 1][nodes.positions()];
        double[][] contractions = new double[layers + 1][nodes.positions()];
        int d = local.model().config().width();
        int[][] sources = sources(local, nodes);
        for (int p = 0; p < nodes.positions(); p++) {
            contractions[0][p] = (p + 1.0) * d;
            for (int l = 0; l < layers; l++) {
                Attention a = local.model().layer(l).attention();
                double projection = (double) d * (a.heads() + a.kvHeads()) * a.headWidth();
                attention[l + 1][p] = attention[l][p] + (p + 1) * projection;
                patterns[l + 1][p] = patterns[l][p] + (p + 1.0) * (p + 2) / 2 * a.heads() * a.headWidth();
                double written = 0;
                for (int q = 0; q <= p; q++) {
                    written += sources[l][q];
                }
                contractions[l + 1][p] = contractions[l][p] + written * d;
            }
        }
        double[] sum = new double[3];
        for (int f = 0; f < nodes.featureCount(); f++) {
            int l = nodes.layer(f);
            int p = nodes.position(f);
            sum[0] += attention[l][p];
            sum[1] += patterns[l][p];
            sum[2] += contractions[l][p];
            if (!local.model().config().parallel()) {
                // Of its own layer's attention a feature reads one query: two products per head, then weighted sums.
                Attention a = local.model().layer(l).attention();
                sum[0] += 2.0 * d * a.heads() * a.headWidth();
                sum[1] += (p + 1.0) * a.heads() * d;
            }
        }
        int last = nodes.positions() - 1;
        int logits = nodes.targets().size();
        return new AttributionWork(
                sum[0] + logits * attention[layers][last],
                sum[1] + logits * patterns[layers][last],
                sum[2] + logits * contractions[layers][last]);
    }

    /** Vectors that are written at each layer's output and position: features, error, constant. */
    private static int[][] sources(LocalReplacementModel local, Nodes nodes) {
        Transcoder transcoder = local.transcoder();
        int[][] sources = new int[nodes.layers()][nodes.positions()];
        for (int[] layer : sources) {
            java.util.Arrays.fill(layer, 2);
        }
        for (int f = 0; f < nodes.featureCount(); f++) {
            int from = nodes.layer(f);
            for (int l = from; l < from + transcoder.span(from); l++) {
                sources[l][nodes.position(f)]++;
            }
        }
        return sources;
    }

    /** Floating-point operations, two for each multiply-add. */
    public double operations() {
        return 2 * (projections + patterns + contractions);
    }
}
