package io.circuitstream.training.transcoder;

/**
 * From the gradients by activations and by reconstructions to those of the weights. Each method writes only to the weights of
 * the layer it is given, so that layers can be done at the same time.
 */
final class WeightGradients {
    /** c of JumpReLU's penalty: how soon it saturates. */
    static final float SATURATION = 4;

    private static final int SILENT_STEPS = 100;
    private static final float SILENT_PUSH = 1e-5f;

    private final SparseTranscoder transcoder;
    private final TranscoderShape shape;
    private final Candidates candidates;
    /** By layer and feature: the penalty's gradient by ‖W_dec‖, divided by ‖W_dec‖. */
    private final float[][] normFactor;
    /** By layer and feature: the last step in which it was active. */
    final int[][] lastActive;

    private int step;

    WeightGradients(SparseTranscoder transcoder, Candidates candidates) {
        this.transcoder = transcoder;
        this.shape = transcoder.shape;
        this.candidates = candidates;
        this.normFactor = new float[shape.layers()][shape.features()];
        this.lastActive = new int[shape.layers()][shape.features()];
    }

    void nextStep() {
        step++;
    }

    /** Continues after {@code done} steps. */
    void resume(int done) {
        step = done;
    }

    /** Fraction of features that were not active in the last 100 steps. */
    double silentFraction() {
        long silent = 0;
        for (int[] layer : lastActive) {
            for (int last : layer) {
                silent += step - last > SILENT_STEPS ? 1 : 0;
            }
        }
        return silent / ((double) shape.layers() * shape.features());
    }

    /**
     * Gradients of a layer's encoder, biases and thresholds, penalty included; yields the penalty summed over tokens.
     *
     * @param lambda of one token, that is λ / tokens
     */
    double ofEncoder(int layer, float[][] inputs, float lambda) {
        float[][] encoderGradient = transcoder.encoder.get(layer).gradient;
        float[] biasGradient = transcoder.encoderBias.get(layer).gradient[0];
        float[] norm = transcoder.decoderNorm[layer];
        int[] feature = candidates.feature[layer];
        float[] preactivation = candidates.preactivation[layer];
        float[] normGradient = new float[shape.features()];
        boolean jump = transcoder.activation == ActivationFunction.JUMP_RELU;
        double penalty = 0;
        for (int token = 0; token < inputs.length; token++) {
            for (int at = candidates.activeFrom(token); at < candidates.activeTo(layer, token); at++) {
                int f = feature[at];
                float z = preactivation[at];
                float gradient = candidates.gradient[layer][at];
                lastActive[layer][f] = step;
                if (transcoder.activation.penalised()) {
                    float saturated = jump ? (float) StrictMath.tanh(SATURATION * norm[f] * z) : 0;
                    float slope = jump ? lambda * (1 - saturated * saturated) * SATURATION : lambda;
                    penalty += jump ? saturated : norm[f] * z;
                    gradient += slope * norm[f];
                    normGradient[f] += slope * z;
                }
                Vectors.addScaled(gradient, inputs[token], encoderGradient[f]);
                biasGradient[f] += gradient;
                if (jump) {
                    addThresholdGradient(layer, f, z, gradient);
                }
            }
            for (int at = candidates.nearFrom(layer, token); at < candidates.nearTo(token); at++) {
                float gradient = Encoding.NEAR_EVERY * candidates.gradient[layer][at];
                addThresholdGradient(layer, feature[at], preactivation[at], gradient);
            }
        }
        for (int f = 0; f < shape.features(); f++) {
            normFactor[layer][f] = normGradient[f] / norm[f];
            if (step - lastActive[layer][f] > SILENT_STEPS) {
                biasGradient[f] -= SILENT_PUSH * norm[f];
            }
        }
        return penalty;
    }

    /** {@code ∂L/∂log θ = ∂L/∂a · (−θ/ε) · θ}. */
    private void addThresholdGradient(int layer, int feature, float z, float gradient) {
        float threshold = transcoder.threshold[layer][feature];
        if (Math.abs(z - threshold) < SparseStep.WINDOW / 2) {
            transcoder.logThreshold.get(layer).gradient[0][feature] -=
                    gradient * threshold / SparseStep.WINDOW * threshold;
        }
    }

    /**
     * Gradients of everything that writes to a layer; after all layers' {@link #ofEncoder}.
     *
     * @param residual by token, the loss's gradient by this layer's reconstruction
     */
    void ofDecoders(int target, float[][] residual) {
        for (int source = 0; source <= target; source++) {
            if (shape.writes(source, target)) {
                ofDecoder(source, target, residual);
            }
        }
        float[] bias = transcoder.decoderBias.get(target).gradient[0];
        for (float[] row : residual) {
            Vectors.addScaled(1, row, bias);
        }
    }

    private void ofDecoder(int source, int target, float[][] residual) {
        float[][] gradient = transcoder.decoders.get(shape.block(source, target)).gradient;
        int[] feature = candidates.feature[source];
        float[] preactivation = candidates.preactivation[source];
        for (int token = 0; token < residual.length; token++) {
            for (int at = candidates.activeFrom(token); at < candidates.activeTo(source, token); at++) {
                Vectors.addScaled(preactivation[at], residual[token], gradient[feature[at]]);
            }
        }
        float[][] rows = transcoder.decoder(source, target);
        for (int f = 0; f < shape.features(); f++) {
            if (normFactor[source][f] != 0) {
                Vectors.addScaled(normFactor[source][f], rows[f], gradient[f]);
            }
        }
    }
}
