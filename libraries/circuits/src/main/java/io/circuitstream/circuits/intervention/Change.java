package io.circuitstream.circuits.intervention;

import io.circuitstream.circuits.replacement.ActiveFeatures;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an intervention adds to the residual stream.
 *
 * @param atEmbedding [T·d] added before the first layer, or null
 * @param atOutput per layer [T·d] added at the output site, or null
 */
public record Change(float @Nullable [] atEmbedding, float @Nullable [][] atOutput) {

    /** Which of the layers that a feature writes to are changed. */
    public enum Layers {
        OWN,
        ALL_WRITTEN
    }

    /** Δ = (value − a)·W_dec of the i-th active feature: 0 ablates, 2a doubles. */
    public static Change feature(LocalReplacementModel local, int feature, float value, Layers layers) {
        float[][] at = new float[local.model().config().layers()][];
        int[] written = written(local, feature, layers);
        for (int l = written[0]; l <= written[1]; l++) {
            at[l] = new float[local.positions() * local.model().config().width()];
            local.addWrite(feature, l, value - local.features().activation()[feature], at[l], offset(local, feature));
        }
        return new Change(null, at);
    }

    /**
     * Several interventions at once, from the activations on the prompt.
     *
     * @throws InterventionException if the transcoder has no such feature, the prompt no such position, or two of them hold
     *     the same feature at the same position
     */
    public static Change of(LocalReplacementModel local, List<Intervention> interventions, Layers layers) {
        float[][] at = new float[local.model().config().layers()][];
        int d = local.model().config().width();
        require(local, interventions);
        for (Intervention intervention : interventions) {
            int own = intervention.layer();
            int span = layers == Layers.OWN ? 1 : local.transcoder().span(own);
            float[] rows = local.transcoder().decoderRows(own, new int[] {intervention.feature()});
            for (int p = intervention.from(); p < Math.min(intervention.to(), local.positions()); p++) {
                float clean = local.activation(own, intervention.feature(), p);
                float moved = intervention.value().of(clean) - clean;
                for (int j = 0; j < span * d; j++) {
                    if (at[own + j / d] == null) {
                        at[own + j / d] = new float[local.positions() * d];
                    }
                    at[own + j / d][p * d + j % d] += moved * rows[j];
                }
            }
        }
        return new Change(null, at);
    }

    static void require(LocalReplacementModel local, List<Intervention> interventions) {
        Set<List<Integer>> held = new HashSet<>();
        for (Intervention i : interventions) {
            String feature = "feature " + i.layer() + "/" + i.feature();
            boolean layerExists =
                    i.layer() >= 0 && i.layer() < local.transcoder().layers();
            if (!layerExists
                    || i.feature() < 0
                    || i.feature() >= local.transcoder().features(i.layer())) {
                throw new InterventionException(feature + " does not exist in the transcoder");
            }
            if (i.from() < local.masked() || i.from() >= local.positions()) {
                throw new InterventionException(feature + " cannot be changed at position " + i.from()
                        + ": the prompt has features at " + local.masked() + " to " + (local.positions() - 1));
            }
            for (int p = i.from(); p < Math.min(i.to(), local.positions()); p++) {
                if (!held.add(List.of(i.layer(), i.feature(), p))) {
                    throw new InterventionException(
                            feature + " is held at two values at position " + p + ": give one of them");
                }
            }
        }
    }

    /** A random direction in place of ablating a feature: the same layers, position, and norm at each layer. */
    public static Change random(LocalReplacementModel local, int feature, Layers layers, Random random) {
        return feature(local, feature, 0, layers).randomised(local.positions(), random);
    }

    /** Random directions of the same norms at the same layers and positions. */
    public Change randomised(int positions, Random random) {
        if (atOutput == null) {
            throw new IllegalArgumentException("a change of the embedding only has no layers");
        }
        float[][] drawn = new float[atOutput.length][];
        for (int l = 0; l < drawn.length; l++) {
            if (atOutput[l] != null) {
                drawn[l] = new float[atOutput[l].length];
                int d = drawn[l].length / positions;
                for (int p = 0; p < positions; p++) {
                    randomise(atOutput[l], drawn[l], p * d, d, random);
                }
            }
        }
        return new Change(atEmbedding, drawn);
    }

    private static void randomise(float[] from, float[] to, int offset, int d, Random random) {
        double norm = 0;
        for (int j = 0; j < d; j++) {
            norm += (double) from[offset + j] * from[offset + j];
        }
        if (norm == 0) {
            return;
        }
        double[] direction = new double[d];
        double drawn = 0;
        for (int j = 0; j < d; j++) {
            direction[j] = random.nextGaussian();
            drawn += direction[j] * direction[j];
        }
        for (int j = 0; j < d; j++) {
            to[offset + j] = (float) (direction[j] * Math.sqrt(norm / drawn));
        }
    }

    private static int offset(LocalReplacementModel local, int feature) {
        return local.features().position()[feature] * local.model().config().width();
    }

    /** First and last layer. */
    private static int[] written(LocalReplacementModel local, int feature, Layers layers) {
        ActiveFeatures features = local.features();
        int own = features.layer()[feature];
        int last = layers == Layers.OWN ? own : own + local.transcoder().span(own) - 1;
        return new int[] {own, last};
    }
}
