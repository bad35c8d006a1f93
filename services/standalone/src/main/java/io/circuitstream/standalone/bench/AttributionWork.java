package io.circuitstream.standalone.bench;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.model.Attention;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import java.util.function.IntPredicate;

/**
 * The multiply-adds that the rows of one graph need at least (circuits.md §3): a target at layer l and position p needs the
 * layers below it and the positions up to its own, and nothing else.
 *
 * @param projections through W_O and W_V
 * @param patterns through the attention patterns
 * @param contractions with everything that writes at an output site, and with the embeddings
 */
public record AttributionWork(double projections, double patterns, double contractions) {

    /** Of every active feature and so many logit targets. */
    static AttributionWork exact(LocalReplacementModel local, int logits) {
        return of(local, local.features(), feature -> true, logits);
    }

    /** Of the rows that a graph has, from which nothing was left out for its size. */
    static AttributionWork of(LocalReplacementModel local, AttributionGraph graph) {
        return of(
                local,
                local.features(),
                feature -> graph.rows().rowOf(feature) >= 0,
                graph.nodes().targets().size());
    }

    static AttributionWork of(LocalReplacementModel local, ActiveFeatures features, IntPredicate hasRow, int logits) {
        int layers = local.model().config().layers();
        int positions = local.positions();
        double[][] projections = new double[layers + 1][positions];
        double[][] patterns = new double[layers + 1][positions];
        double[][] contractions = new double[layers + 1][positions];
        int d = local.model().config().width();
        int[][] sources = sources(local, features);
        for (int p = 0; p < positions; p++) {
            contractions[0][p] = (p + 1.0) * d;
            for (int l = 0; l < layers; l++) {
                Attention a = local.model().layer(l).attention();
                projections[l + 1][p] = projections[l][p] + (p + 1.0) * d * (a.heads() + a.kvHeads()) * a.headWidth();
                patterns[l + 1][p] = patterns[l][p] + (p + 1.0) * (p + 2) / 2 * a.heads() * a.headWidth();
                double written = 0;
                for (int q = 0; q <= p; q++) {
                    written += sources[l][q];
                }
                contractions[l + 1][p] = contractions[l][p] + written * d;
            }
        }
        double[] sum = {
            logits * projections[layers][positions - 1],
            logits * patterns[layers][positions - 1],
            logits * contractions[layers][positions - 1]
        };
        for (int f = 0; f < features.count(); f++) {
            if (hasRow.test(f)) {
                int l = features.layer()[f];
                int p = features.position()[f];
                sum[0] += projections[l][p];
                sum[1] += patterns[l][p];
                sum[2] += contractions[l][p];
                if (!local.model().config().parallel()) {
                    // Of its own layer's attention a feature reads one query: two products per head, then weighted
                    // sums.
                    Attention a = local.model().layer(l).attention();
                    sum[0] += 2.0 * d * a.heads() * a.headWidth();
                    sum[1] += (p + 1.0) * a.heads() * d;
                }
            }
        }
        return new AttributionWork(sum[0], sum[1], sum[2]);
    }

    /** Vectors that are written at each layer's output and position: features, error, constant. */
    private static int[][] sources(LocalReplacementModel local, ActiveFeatures features) {
        Transcoder transcoder = local.transcoder();
        int[][] sources = new int[local.model().config().layers()][local.positions()];
        for (int[] layer : sources) {
            java.util.Arrays.fill(layer, 2);
        }
        for (int f = 0; f < features.count(); f++) {
            int from = features.layer()[f];
            for (int l = from; l < from + transcoder.span(from); l++) {
                sources[l][features.position()[f]]++;
            }
        }
        return sources;
    }

    /** Floating-point operations, two for each multiply-add. */
    public double operations() {
        return 2 * (projections + patterns + contractions);
    }
}
