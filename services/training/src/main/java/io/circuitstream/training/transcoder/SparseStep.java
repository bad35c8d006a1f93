package io.circuitstream.training.transcoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.model.Tensors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Loss and gradients of one minibatch. Only the encoder (and a skip) is a dense product; decoding and the backward pass touch
 * the candidates alone: active features and, for JumpReLU and some tokens, those less than half a window below their threshold.
 *
 * <p>Loss, a mean over tokens: {@code Σ_l ‖m̂_l − m_l‖² / d + λ · penalty (+ Jacobian term)}; for the penalty see
 * {@link ActivationFunction}. Gradients are exact for everything but the step at θ, which uses the straight-through estimate
 * {@code ∂a/∂θ = −θ/ε} where {@code |z − θ| < ε/2}; there the penalty counts for active features only.
 *
 * <p>Layers, tokens and decoders are spread over threads, but each sum is formed by one thread in a fixed order: the result
 * does not depend on the scheduling. Not thread-safe.
 */
final class SparseStep {
    static final float WINDOW = .2f;
    /** Few and large: each pass over a block's tokens reads every decoder matrix once, and finds its rows in the cache. */
    private static final int TOKEN_BLOCKS = 4;

    private final SparseTranscoder transcoder;
    private final TranscoderShape shape;
    private final NDManager manager;
    private final int tokens;
    private final Candidates candidates;
    private final Encoding encoding;
    private final WeightGradients gradients;
    private final @Nullable JacobianTerm jacobian;
    /** By layer and token, {@code [width]}: reconstruction − target, then the loss's gradient by it. */
    private final float[][][] residual;

    /**
     * Means over the tokens of one minibatch, before the update.
     *
     * @param squaredError by layer, {@code ‖m̂_l − m_l‖² / d}: on normalised sites the fraction of variance unexplained
     * @param penalty without λ
     * @param l0 by layer, active features of a token
     */
    record Result(double[] squaredError, double penalty, double jacobian, double[] l0) {
        double loss(double lambda) {
            return sum(squaredError) + lambda * penalty + jacobian;
        }

        double totalL0() {
            return sum(l0);
        }

        double meanSquaredError() {
            return sum(squaredError) / squaredError.length;
        }

        private static double sum(double[] values) {
            double sum = 0;
            for (double value : values) {
                sum += value;
            }
            return sum;
        }
    }

    /**
     * Room for the steps of one run.
     *
     * @param targetL0 active features of a token over all layers: what TopK and BatchTopK keep
     */
    SparseStep(SparseTranscoder transcoder, NDManager manager, int tokens, double targetL0, double jacobianWeight) {
        this.transcoder = transcoder;
        this.shape = transcoder.shape;
        this.manager = manager;
        this.tokens = tokens;
        this.candidates = new Candidates(shape, tokens);
        this.encoding = new Encoding(transcoder, manager, candidates, tokens, targetL0);
        this.gradients = new WeightGradients(transcoder, candidates);
        this.jacobian = jacobianWeight == 0 ? null : new JacobianTerm(transcoder, jacobianWeight, tokens);
        this.residual = new float[shape.layers()][tokens][shape.width()];
    }

    /** Who knows which features have been silent. */
    WeightGradients gradients() {
        return gradients;
    }

    /** Adds this minibatch's gradients to the parameters'. */
    Result run(Minibatch batch, double lambda) {
        encoding.run(batch);
        double[][] errors = new double[tokens][];
        double[] jacobians = new double[tokens];
        IntStream.range(0, TOKEN_BLOCKS).parallel().forEach(block -> {
            float[] scratch = new float[shape.width()];
            decode(first(block), first(block + 1), batch);
            for (int token = first(block); token < first(block + 1); token++) {
                errors[token] = toGradients(token, scratch);
            }
            backIntoActivations(first(block), first(block + 1), scratch);
            for (int token = first(block); token < first(block + 1); token++) {
                jacobians[token] = jacobian == null ? 0 : jacobian.forward(batch, candidates, token);
            }
        });
        double[] penalty = new double[shape.layers()];
        gradients.nextStep();
        layers().forEach(layer -> {
            penalty[layer] = gradients.ofEncoder(layer, batch.inputs[layer], (float) (lambda / tokens));
            if (jacobian != null) {
                jacobian.backIntoEncoder(batch, candidates, layer);
            }
        });
        IntStream.range(0, shape.layers()).parallel().forEach(target -> {
            gradients.ofDecoders(target, residual[target]);
            if (jacobian != null) {
                jacobian.backIntoDecoder(batch, candidates, target);
            }
            if (shape.skip()) {
                addSkipGradient(target, batch.inputs[target]);
            }
        });
        return new Result(meanByLayer(errors), sum(penalty) / tokens, sum(jacobians), l0());
    }

    /** Writes reconstruction − target of some tokens into {@code residual}. */
    private void decode(int first, int last, Minibatch batch) {
        for (int token = first; token < last; token++) {
            for (int layer = 0; layer < shape.layers(); layer++) {
                startResidual(layer, token, batch.outputs[layer][token]);
            }
        }
        for (int source = 0; source < shape.layers(); source++) {
            int[] feature = candidates.feature[source];
            float[] z = candidates.preactivation[source];
            for (int target = source; target < shape.end(source); target++) {
                float[][] rows = transcoder.decoder(source, target);
                for (int token = first; token < last; token++) {
                    float[] row = residual[target][token];
                    int to = candidates.activeTo(source, token);
                    for (int at = candidates.activeFrom(token); at < to; at++) {
                        Vectors.addScaled(z[at], rows[feature[at]], row);
                    }
                }
            }
        }
    }

    private void startResidual(int layer, int token, float[] target) {
        float[] row = residual[layer][token];
        float[] bias = transcoder.decoderBias.get(layer).value[0];
        for (int i = 0; i < row.length; i++) {
            row[i] = bias[i] - target[i];
        }
        if (shape.skip()) {
            for (int i = 0; i < row.length; i++) {
                row[i] += encoding.skipped[layer][token * row.length + i];
            }
        }
    }

    /** Turns a token's residuals r into gradients {@code 2 r / (d · tokens)}; yields ‖r‖² by layer. */
    private double[] toGradients(int token, float[] scratch) {
        double[] squares = new double[shape.layers()];
        float scale = 2f / shape.width() / tokens;
        for (int layer = 0; layer < squares.length; layer++) {
            float[] row = residual[layer][token];
            squares[layer] = Vectors.dot(row, row, scratch);
            for (int i = 0; i < row.length; i++) {
                row[i] *= scale;
            }
        }
        return squares;
    }

    /**
     * Gradient of the squared error by the activation of every candidate of some tokens. Two layers at a time: their decoders
     * still fit into the cache, and there are half as many sums over a row's elements.
     */
    private void backIntoActivations(int first, int last, float[] scratch) {
        for (int source = 0; source < shape.layers(); source++) {
            for (int target = source; target < shape.end(source); target += 2) {
                int second = Math.min(target + 1, shape.end(source) - 1);
                for (int token = first; token < last; token++) {
                    int active = candidates.activeTo(source, token);
                    backIntoActivations(source, target, second, token, candidates.activeFrom(token), active, scratch);
                    int near = candidates.nearFrom(source, token);
                    backIntoActivations(source, target, second, token, near, candidates.nearTo(token), scratch);
                }
            }
        }
    }

    private void backIntoActivations(int source, int target, int second, int token, int from, int to, float[] scratch) {
        int[] feature = candidates.feature[source];
        float[] gradient = candidates.gradient[source];
        float[] row = residual[target][token];
        float[] secondRow = residual[second][token];
        float[][] rows = transcoder.decoder(source, target);
        float[][] secondRows = transcoder.decoder(source, second);
        for (int at = from; at < to; at++) {
            float along = target == second
                    ? Vectors.dot(row, rows[feature[at]], scratch)
                    : Vectors.dot(row, rows[feature[at]], secondRow, secondRows[feature[at]], scratch);
            gradient[at] = target == source ? along : gradient[at] + along;
        }
    }

    /** {@code x^T r}. */
    private void addSkipGradient(int layer, float[][] inputs) {
        TensorRuntime.enter();
        int width = shape.width();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray x = Tensors.of(manager, Encoding.flat(inputs), tokens, width);
            NDArray r = Tensors.of(manager, Encoding.flat(residual[layer]), tokens, width);
            float[] product = x.transpose().matMul(r).toFloatArray();
            float[][] gradient = transcoder.skip.get(layer).gradient;
            for (int i = 0; i < product.length; i++) {
                gradient[i / width][i % width] += product[i];
            }
        }
    }

    private double[] l0() {
        double[] mean = new double[shape.layers()];
        for (int layer = 0; layer < mean.length; layer++) {
            long sum = 0;
            for (int token = 0; token < tokens; token++) {
                sum += candidates.count(layer, token);
            }
            mean[layer] = sum / (double) tokens;
        }
        return mean;
    }

    private double[] meanByLayer(double[][] squares) {
        double[] mean = new double[shape.layers()];
        for (double[] ofToken : squares) {
            for (int layer = 0; layer < mean.length; layer++) {
                mean[layer] += ofToken[layer] / tokens / shape.width();
            }
        }
        return mean;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    private IntStream layers() {
        return IntStream.range(0, shape.layers()).parallel();
    }

    private int first(int block) {
        return block * tokens / TOKEN_BLOCKS;
    }
}
