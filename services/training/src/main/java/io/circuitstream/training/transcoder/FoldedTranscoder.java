package io.circuitstream.training.transcoder;

/**
 * A trained transcoder with the normalisation folded into its weights: it reads raw input sites and predicts raw output
 * sites, {@code z = u W_enc^T + b_enc}, {@code a = z·[z > θ]}, {@code m̂_l = Σ_{s≤l} a_s W_dec_{s→l} + b_dec_l}. Activations keep the
 * size they had in training.
 */
public final class FoldedTranscoder {
    final TranscoderShape shape;
    /** By layer, {@code [features, width]}. */
    final float[][] encoder;
    /** By layer, {@code [features]}. */
    final float[][] encoderBias;
    /** By layer, {@code [features]}. */
    final float[][] threshold;
    /** By source layer, {@code [features, layers − source, width]}. */
    final float[][] decoder;
    /** By output layer, {@code [width]}. */
    final float[][] decoderBias;

    /** All zero. */
    FoldedTranscoder(TranscoderShape shape) {
        int layers = shape.layers();
        int features = shape.features();
        this.shape = shape;
        encoder = new float[layers][features * shape.width()];
        encoderBias = new float[layers][features];
        threshold = new float[layers][features];
        decoder = new float[layers][];
        for (int layer = 0; layer < layers; layer++) {
            decoder[layer] = new float[features * shape.decoderWidth(layer)];
        }
        decoderBias = new float[layers][shape.width()];
    }

    static FoldedTranscoder fold(SparseTranscoder trained, TranscoderSites sites) {
        FoldedTranscoder folded = new FoldedTranscoder(trained.shape);
        for (int layer = 0; layer < trained.shape.layers(); layer++) {
            folded.foldEncoder(layer, trained, sites);
            folded.foldDecoder(layer, trained, sites);
        }
        return folded;
    }

    /** {@code W (u − mean) / scale + b = (W / scale) u + (b − W mean / scale)}. */
    private void foldEncoder(int layer, SparseTranscoder trained, TranscoderSites sites) {
        int width = shape.width();
        float scale = sites.inputScale[layer];
        float[][] from = trained.encoder.get(layer).value;
        for (int feature = 0; feature < shape.features(); feature++) {
            double shift = 0;
            for (int i = 0; i < width; i++) {
                float weight = from[feature][i] / scale;
                encoder[layer][feature * width + i] = weight;
                shift += (double) weight * sites.inputMean[layer][i];
            }
            encoderBias[layer][feature] = (float) (trained.encoderBias.get(layer).value[0][feature] - shift);
        }
        System.arraycopy(trained.threshold[layer], 0, threshold[layer], 0, shape.features());
    }

    /** Every slot by the scale of the layer it writes; the mean of that layer joins its bias. */
    private void foldDecoder(int source, SparseTranscoder trained, TranscoderSites sites) {
        int width = shape.width();
        int length = shape.decoderWidth(source);
        float[][] from = trained.decoder.get(source).value;
        for (int layer = source; layer < shape.layers(); layer++) {
            int slot = (layer - source) * width;
            int block = shape.outputBlock(layer) * width;
            for (int feature = 0; feature < shape.features(); feature++) {
                for (int i = 0; i < width; i++) {
                    decoder[source][feature * length + slot + i] = from[feature][block + i] * sites.outputScale[layer];
                }
            }
        }
        int block = shape.outputBlock(source) * width;
        for (int i = 0; i < width; i++) {
            decoderBias[source][i] =
                    trained.decoderBias.value[0][block + i] * sites.outputScale[source] + sites.outputMean[source][i];
        }
    }

    /** Number of weights, thresholds included. */
    public long parameters() {
        long sum = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            sum += encoder[layer].length + 2L * shape.features() + decoder[layer].length + shape.width();
        }
        return sum;
    }

    public int features() {
        return shape.features();
    }
}
