package io.circuitstream.training.transcoder;

import io.circuitstream.circuits.transcoder.TranscoderWriter.LayerWeights;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A trained transcoder's weights with the normalisation folded in: they read raw input sites and predict raw output sites.
 * Activations keep the size they had in training.
 */
final class FoldedWeights {
    private final SparseTranscoder trained;
    private final TranscoderSites sites;
    private final TranscoderShape shape;

    private FoldedWeights(SparseTranscoder trained, TranscoderSites sites) {
        this.trained = trained;
        this.sites = sites;
        this.shape = trained.shape;
    }

    /** By layer. An incremental transcoder becomes a cross-layer one with equal decoders. */
    static List<LayerWeights> of(SparseTranscoder trained, TranscoderSites sites) {
        FoldedWeights folded = new FoldedWeights(trained, sites);
        List<LayerWeights> layers = new ArrayList<>();
        for (int layer = 0; layer < trained.shape.layers(); layer++) {
            layers.add(folded.layer(layer));
        }
        return layers;
    }

    /** {@code W (u − mean) / scale + b = (W / scale) u + (b − W mean / scale)}. */
    private LayerWeights layer(int layer) {
        int width = shape.width();
        int features = shape.features();
        float[] encoder = new float[features * width];
        float[] bias = new float[features];
        float[][] from = trained.encoder.get(layer).value;
        for (int feature = 0; feature < features; feature++) {
            double shift = 0;
            for (int i = 0; i < width; i++) {
                float weight = from[feature][i] / sites.inputScale[layer];
                encoder[feature * width + i] = weight;
                shift += (double) weight * sites.inputMean[layer][i];
            }
            bias[feature] = (float) (trained.encoderBias.get(layer).value[0][feature] - shift);
        }
        float[] skip = skip(layer);
        return new LayerWeights(encoder, bias, threshold(layer), decoder(layer), decoderBias(layer, skip), skip);
    }

    private float @Nullable [] threshold(int layer) {
        return switch (trained.activation) {
            case JUMP_RELU, BATCH_TOP_K -> trained.threshold[layer].clone();
            case RELU, TOP_K -> null;
        };
    }

    /** Every slot by the scale of the layer it writes, {@code [features, span, width]}. */
    private float[] decoder(int source) {
        int width = shape.width();
        int span = shape.span(source);
        float[] decoder = new float[shape.features() * span * width];
        for (int target = source; target < shape.end(source); target++) {
            float[][] from = trained.decoder(source, target);
            for (int feature = 0; feature < shape.features(); feature++) {
                int slot = (feature * span + target - source) * width;
                for (int i = 0; i < width; i++) {
                    decoder[slot + i] = from[feature][i] * sites.outputScale[target];
                }
            }
        }
        return decoder;
    }

    /** {@code [width, width]}, input by output. */
    private float @Nullable [] skip(int layer) {
        if (!shape.skip()) {
            return null;
        }
        float scale = sites.outputScale[layer] / sites.inputScale[layer];
        float[] skip = trained.skip.get(layer).flat();
        for (int i = 0; i < skip.length; i++) {
            skip[i] *= scale;
        }
        return skip;
    }

    /** The output's mean joins the bias, and what the skip makes of the input's mean leaves it. */
    private float[] decoderBias(int layer, float @Nullable [] skip) {
        int width = shape.width();
        float[] bias = new float[width];
        for (int i = 0; i < width; i++) {
            double value = (double) trained.decoderBias.get(layer).value[0][i] * sites.outputScale[layer]
                    + sites.outputMean[layer][i];
            for (int j = 0; skip != null && j < width; j++) {
                value -= (double) sites.inputMean[layer][j] * skip[j * width + i];
            }
            bias[i] = (float) value;
        }
        return bias;
    }
}
