package io.circuitstream.training.transcoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Loss and gradients of one minibatch. Only the encoder is a dense product; decoding and the backward pass touch the
 * candidates alone: features whose pre-activation is above, or less than half a window below, their threshold.
 *
 * <p>Loss, a mean over tokens: {@code Σ_l ‖m̂_l − m_l‖² / d + λ Σ tanh(c ‖W_dec‖ a)}. Gradients are exact for everything but the
 * step at θ, which uses the straight-through estimate {@code ∂a/∂θ = −θ/ε} where {@code |z − θ| < ε/2}; there the penalty
 * counts for active features only.
 *
 * <p>Tokens and layers are spread over threads, but each sum is formed by one thread in a fixed order: the result does not
 * depend on the scheduling. Holds {@code 12 · layers · tokens · features} bytes. Not thread-safe.
 */
final class SparseStep {
    private static final int TOKEN_BLOCKS = 16;
    /** c of the penalty: how soon it saturates. */
    private static final float SATURATION = 4;

    private static final float WINDOW = .2f;
    private static final int SILENT_STEPS = 100;
    private static final float SILENT_PUSH = 1e-5f;

    private final SparseTranscoder transcoder;
    private final TranscoderShape shape;
    private final NDManager manager;
    private final int tokens;
    /** By layer, {@code [tokens, features]}: the candidates of a token come first in its row. */
    private final int[][] candidate;

    private final float[][] preactivation;
    private final float[][] activationGradient;
    private final int[][] candidates;
    /** By token, {@code [layers · width]}, the last layer first: reconstruction − target, then the loss's gradient by it. */
    private final float[][] residual;

    private final int[][] lastActive;
    private int step;

    /** Figures of one minibatch, before the update. L0 is the mean number of active features of a token over all layers. */
    record Result(double squaredError, double penalty, double l0) {
        double loss(double lambda) {
            return squaredError + lambda * penalty;
        }
    }

    SparseStep(SparseTranscoder transcoder, NDManager manager, int tokens) {
        this.transcoder = transcoder;
        this.shape = transcoder.shape;
        this.manager = manager;
        this.tokens = tokens;
        int layers = shape.layers();
        candidate = new int[layers][tokens * shape.features()];
        preactivation = new float[layers][tokens * shape.features()];
        activationGradient = new float[layers][tokens * shape.features()];
        candidates = new int[layers][tokens];
        residual = new float[tokens][shape.outputWidth()];
        lastActive = new int[layers][shape.features()];
    }

    /** Adds this minibatch's gradients to the parameters'. */
    Result run(Minibatch batch, double lambda) {
        step++;
        for (int layer = 0; layer < shape.layers(); layer++) {
            select(layer, preactivations(layer, batch.flatInputs[layer]));
        }
        double[] errors = new double[tokens];
        int[] active = new int[tokens];
        blocks().parallel().forEach(block -> {
            for (int token = first(block); token < first(block + 1); token++) {
                active[token] = decode(token, batch.outputs[token]);
                errors[token] = toGradient(token);
                backIntoActivations(token);
            }
        });
        double[] penalty = new double[shape.layers()];
        IntStream.range(0, shape.layers()).parallel().forEach(layer -> {
            penalty[layer] = backIntoWeights(layer, batch.inputs[layer], (float) (lambda / tokens));
        });
        for (int token = 0; token < tokens; token++) {
            Vectors.addScaled(1, residual[token], transcoder.decoderBias.gradient[0], shape.outputWidth());
        }
        return new Result(
                Arrays.stream(errors).sum() / tokens / shape.width(),
                Arrays.stream(penalty).sum() / tokens,
                Arrays.stream(active).sum() / (double) tokens);
    }

    /** {@code x W_enc^T + b_enc}, {@code [tokens, features]}. */
    private float[] preactivations(int layer, float[] input) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray x = manager.create(input, new Shape(tokens, shape.width()));
            NDArray weight =
                    manager.create(transcoder.encoder.get(layer).flat(), new Shape(shape.features(), shape.width()));
            NDArray bias = manager.create(transcoder.encoderBias.get(layer).value[0]);
            return JniUtils.linear((PtNDArray) x, (PtNDArray) weight, (PtNDArray) bias)
                    .toFloatArray();
        }
    }

    private void select(int layer, float[] all) {
        float[] threshold = transcoder.threshold[layer];
        int features = shape.features();
        blocks().parallel().forEach(block -> {
            for (int token = first(block); token < first(block + 1); token++) {
                int row = token * features;
                int at = row;
                for (int feature = 0; feature < features; feature++) {
                    float z = all[row + feature];
                    if (z > threshold[feature] - WINDOW / 2) {
                        candidate[layer][at] = feature;
                        preactivation[layer][at++] = z;
                    }
                }
                candidates[layer][token] = at - row;
            }
        });
    }

    /** Writes reconstruction − target into {@code residual}; yields the number of active features. */
    private int decode(int token, float[] targets) {
        float[] row = residual[token];
        float[] bias = transcoder.decoderBias.value[0];
        for (int i = 0; i < row.length; i++) {
            row[i] = bias[i] - targets[i];
        }
        int active = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            float[][] rows = transcoder.decoder.get(layer).value;
            int length = shape.decoderWidth(layer);
            int start = token * shape.features();
            for (int at = start; at < start + candidates[layer][token]; at++) {
                int feature = candidate[layer][at];
                float z = preactivation[layer][at];
                if (z > transcoder.threshold[layer][feature]) {
                    active++;
                    Vectors.addScaled(z, rows[feature], row, length);
                }
            }
        }
        return active;
    }

    /** Turns the token's residual r into the gradient {@code 2 r / (d · tokens)}; yields ‖r‖². */
    private double toGradient(int token) {
        float[] row = residual[token];
        double square = Vectors.dot(row, row, row.length);
        float scale = 2f / shape.width() / tokens;
        for (int i = 0; i < row.length; i++) {
            row[i] *= scale;
        }
        return square;
    }

    /** Gradient of the squared error by the activation of every candidate of a token. */
    private void backIntoActivations(int token) {
        for (int layer = 0; layer < shape.layers(); layer++) {
            float[][] rows = transcoder.decoder.get(layer).value;
            int length = shape.decoderWidth(layer);
            int start = token * shape.features();
            for (int at = start; at < start + candidates[layer][token]; at++) {
                activationGradient[layer][at] = Vectors.dot(residual[token], rows[candidate[layer][at]], length);
            }
        }
    }

    /** Gradients of one source layer's weights, penalty included; yields the penalty summed over tokens. */
    private double backIntoWeights(int layer, float[][] input, float lambda) {
        float[] threshold = transcoder.threshold[layer];
        float[] norm = transcoder.decoderNorm[layer];
        float[][] decoderGradient = transcoder.decoder.get(layer).gradient;
        float[][] encoderGradient = transcoder.encoder.get(layer).gradient;
        float[] biasGradient = transcoder.encoderBias.get(layer).gradient[0];
        float[] thresholdGradient = transcoder.logThreshold.get(layer).gradient[0];
        int length = shape.decoderWidth(layer);
        int width = shape.width();
        float[] normGradient = new float[shape.features()];
        double penalty = 0;
        for (int token = 0; token < tokens; token++) {
            int start = token * shape.features();
            for (int at = start; at < start + candidates[layer][token]; at++) {
                int feature = candidate[layer][at];
                float z = preactivation[layer][at];
                float gradient = activationGradient[layer][at];
                if (z > threshold[feature]) {
                    lastActive[layer][feature] = step;
                    Vectors.addScaled(z, residual[token], decoderGradient[feature], length);
                    float saturated = (float) Math.tanh(SATURATION * norm[feature] * z);
                    float slope = lambda * (1 - saturated * saturated) * SATURATION;
                    penalty += saturated;
                    gradient += slope * norm[feature];
                    normGradient[feature] += slope * z;
                    Vectors.addScaled(gradient, input[token], encoderGradient[feature], width);
                    biasGradient[feature] += gradient;
                }
                if (Math.abs(z - threshold[feature]) < WINDOW / 2) {
                    // ∂L/∂log θ = ∂L/∂a · (−θ/ε) · θ
                    thresholdGradient[feature] -= gradient * threshold[feature] / WINDOW * threshold[feature];
                }
            }
        }
        float[][] rows = transcoder.decoder.get(layer).value;
        for (int feature = 0; feature < shape.features(); feature++) {
            float factor = normGradient[feature] / norm[feature];
            if (factor != 0) {
                Vectors.addScaled(factor, rows[feature], decoderGradient[feature], length);
            }
            if (step - lastActive[layer][feature] > SILENT_STEPS) {
                biasGradient[feature] -= SILENT_PUSH * norm[feature];
            }
        }
        return penalty;
    }

    private IntStream blocks() {
        return IntStream.range(0, TOKEN_BLOCKS);
    }

    private int first(int block) {
        return block * tokens / TOKEN_BLOCKS;
    }
}
