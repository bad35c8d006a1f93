package io.circuitstream.training.transcoder;

/**
 * Jacobian matching: {@code μ/d · ‖J_TC v − J v‖²} for one random direction v a token and layer, summed over layers, a mean over
 * tokens. {@code J_TC v = Σ_active (W_enc v) W_dec_{l→l} (+ v W_skip)} is the transcoder's derivative by its own layer's input,
 * gates held. A transcoder can predict outputs through a shortcut that does not respond as the MLP does; this term repairs that.
 */
final class JacobianTerm {
    private final SparseTranscoder transcoder;
    private final float weight;
    /** By layer and token, {@code [width]}: J_TC v − J v, then the term's gradient by it. */
    private final float[][][] residual;

    /** @param weight μ */
    JacobianTerm(SparseTranscoder transcoder, double weight, int tokens) {
        this.transcoder = transcoder;
        this.weight = (float) weight;
        this.residual = new float[transcoder.shape.layers()][tokens][transcoder.shape.width()];
    }

    /** The direction v of a token, ±1 in each normalised input dimension, the same whenever it is asked for. */
    static void direction(int token, int layer, float[] v) {
        long state = (token * 4096L + layer) * 0x9E3779B97F4A7C15L;
        for (int i = 0; i < v.length; i++) {
            if (i % 64 == 0) {
                state = mix(state + 0x9E3779B97F4A7C15L);
            }
            v[i] = (state >>> (i % 64) & 1) == 0 ? 1 : -1;
        }
    }

    /** SplitMix64's finaliser. */
    private static long mix(long z) {
        long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
        return x ^ (x >>> 31);
    }

    /** Fills in one token's residuals; yields its share of the term, already divided by the number of tokens. */
    double forward(Minibatch batch, Candidates candidates, int token) {
        int width = transcoder.shape.width();
        float[] v = new float[width];
        float[] product = new float[width];
        double sum = 0;
        float scale = 2 * weight / width / batch.tokens;
        for (int layer = 0; layer < residual.length; layer++) {
            direction(batch.ids[token], layer, v);
            float[] q = residual[layer][token];
            float[] target = batch.jacobians[layer][token];
            for (int i = 0; i < width; i++) {
                q[i] = -target[i];
            }
            float[][] encoder = transcoder.encoder.get(layer).value;
            float[][] decoder = transcoder.decoder(layer, layer);
            for (int at = candidates.activeFrom(token); at < candidates.activeTo(layer, token); at++) {
                int feature = candidates.feature[layer][at];
                Vectors.addScaled(Vectors.dot(encoder[feature], v, product), decoder[feature], q);
            }
            if (transcoder.shape.skip()) {
                float[][] skip = transcoder.skip.get(layer).value;
                for (int i = 0; i < width; i++) {
                    Vectors.addScaled(v[i], skip[i], q);
                }
            }
            sum += Vectors.dot(q, q, product);
            for (int i = 0; i < width; i++) {
                q[i] *= scale;
            }
        }
        return weight * sum / width / batch.tokens;
    }

    /** Gradients of one layer's encoder and skip, {@code Σ (q·W_dec) v} and {@code Σ v ⊗ q}. */
    void backIntoEncoder(Minibatch batch, Candidates candidates, int layer) {
        int width = transcoder.shape.width();
        float[] v = new float[width];
        float[] product = new float[width];
        float[][] gradient = transcoder.encoder.get(layer).gradient;
        float[][] decoder = transcoder.decoder(layer, layer);
        for (int token = 0; token < batch.tokens; token++) {
            direction(batch.ids[token], layer, v);
            float[] q = residual[layer][token];
            for (int at = candidates.activeFrom(token); at < candidates.activeTo(layer, token); at++) {
                int feature = candidates.feature[layer][at];
                Vectors.addScaled(Vectors.dot(q, decoder[feature], product), v, gradient[feature]);
            }
            if (transcoder.shape.skip()) {
                float[][] skip = transcoder.skip.get(layer).gradient;
                for (int i = 0; i < width; i++) {
                    Vectors.addScaled(v[i], q, skip[i]);
                }
            }
        }
    }

    /** Gradient of the decoder with which a layer writes to itself, {@code Σ (W_enc v) q}. */
    void backIntoDecoder(Minibatch batch, Candidates candidates, int layer) {
        int width = transcoder.shape.width();
        float[] v = new float[width];
        float[] product = new float[width];
        float[][] encoder = transcoder.encoder.get(layer).value;
        float[][] gradient = transcoder.decoders.get(transcoder.shape.block(layer, layer)).gradient;
        for (int token = 0; token < batch.tokens; token++) {
            direction(batch.ids[token], layer, v);
            for (int at = candidates.activeFrom(token); at < candidates.activeTo(layer, token); at++) {
                int feature = candidates.feature[layer][at];
                float along = Vectors.dot(encoder[feature], v, product);
                Vectors.addScaled(along, residual[layer][token], gradient[feature]);
            }
        }
    }
}
