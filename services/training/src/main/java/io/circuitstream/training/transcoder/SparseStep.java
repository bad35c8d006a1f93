package io.circuitstream.training.transcoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.circuitstream.circuits.model.TensorRuntime;
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
    /**
     * Of how many tokens one is asked for features below their threshold, which are several times as many as active ones and move
     * nothing but the threshold; what it says counts this many times. Minibatches are shuffled, so the estimate is unbiased.
     */
    static final int NEAR_EVERY = 4;

    /** Few and large: each pass over a block's tokens reads every decoder matrix once, and finds its rows in the cache. */
    private static final int TOKEN_BLOCKS = 4;
    /** How quickly the running mean of BatchTopK's cut follows. */
    private static final double CUT_MEMORY = .99;

    private final SparseTranscoder transcoder;
    private final TranscoderShape shape;
    private final NDManager manager;
    private final int tokens;
    private final int active;
    private final Candidates candidates;
    private final WeightGradients gradients;
    private final @Nullable JacobianTerm jacobian;
    /** By layer and token, {@code [width]}: reconstruction − target, then the loss's gradient by it. */
    private final float[][][] residual;
    /** By layer, {@code [tokens · width]}; no layers without skip. */
    private final float[][] skipped;

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
        this.active = activePerStep(targetL0);
        this.candidates = new Candidates(shape, tokens);
        this.gradients = new WeightGradients(transcoder, candidates);
        this.jacobian = jacobianWeight == 0 ? null : new JacobianTerm(transcoder, jacobianWeight, tokens);
        this.residual = new float[shape.layers()][tokens][shape.width()];
        this.skipped = new float[shape.skip() ? shape.layers() : 0][];
    }

    /** TopK: features of a token and layer. BatchTopK: of all tokens and layers. */
    private int activePerStep(double targetL0) {
        return switch (transcoder.activation) {
            case TOP_K -> perLayer(targetL0, shape.layers());
            case BATCH_TOP_K -> (int) Math.max(1, Math.round(targetL0 * tokens));
            case JUMP_RELU, RELU -> 0;
        };
    }

    /** TopK's k. */
    static int perLayer(double targetL0, int layers) {
        return (int) Math.max(1, Math.round(targetL0 / layers));
    }

    /** Who knows which features have been silent. */
    WeightGradients gradients() {
        return gradients;
    }

    /** Adds this minibatch's gradients to the parameters'. */
    Result run(Minibatch batch, double lambda) {
        layers().forEach(layer -> encode(layer, batch.inputs[layer]));
        if (transcoder.activation == ActivationFunction.BATCH_TOP_K) {
            keepLargest();
        }
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

    /** Pre-activations {@code x W_enc^T + b_enc} of a layer, and what is active there; the skip's output. */
    private void encode(int layer, float[][] inputs) {
        TensorRuntime.enter();
        float[] z;
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray x = manager.create(flat(inputs), new Shape(tokens, shape.width()));
            NDArray weight =
                    manager.create(transcoder.encoder.get(layer).flat(), new Shape(shape.features(), shape.width()));
            NDArray bias = manager.create(transcoder.encoderBias.get(layer).value[0]);
            z = JniUtils.linear((PtNDArray) x, (PtNDArray) weight, (PtNDArray) bias)
                    .toFloatArray();
            if (shape.skip()) {
                NDArray skip =
                        manager.create(transcoder.skip.get(layer).flat(), new Shape(shape.width(), shape.width()));
                skipped[layer] = x.matMul(skip).toFloatArray();
            }
        }
        select(layer, z);
    }

    private void select(int layer, float[] z) {
        float[] threshold = transcoder.threshold[layer];
        float[] scratch = new float[shape.features()];
        for (int token = 0; token < tokens; token++) {
            switch (transcoder.activation) {
                case JUMP_RELU ->
                    candidates.aboveThreshold(layer, token, z, threshold, token % NEAR_EVERY == 0 ? WINDOW / 2 : 0);
                case RELU -> candidates.aboveThreshold(layer, token, z, threshold, 0);
                case TOP_K -> candidates.largest(layer, token, z, active, scratch);
                // Half the usual cut: wide enough for this minibatch's own, narrow enough to be quick.
                case BATCH_TOP_K -> candidates.aboveThreshold(layer, token, z, halved(threshold, scratch), 0);
            }
        }
    }

    private static float[] halved(float[] threshold, float[] scratch) {
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = threshold[i] / 2;
        }
        return scratch;
    }

    /** BatchTopK: of the candidates of all layers those with the largest {@code z ‖W_dec‖}. */
    private void keepLargest() {
        int count = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (int token = 0; token < tokens; token++) {
                count += candidates.count(layer, token);
            }
        }
        float[] scores = new float[count];
        int at = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (int token = 0; token < tokens; token++) {
                at = candidates.scores(layer, token, transcoder.decoderNorm[layer], scores, at);
            }
        }
        float cut = count > active ? Selection.largest(scores, count, active + 1) : 0;
        layers().forEach(layer -> {
            for (int token = 0; token < tokens; token++) {
                candidates.keepAbove(layer, token, transcoder.decoderNorm[layer], cut);
            }
        });
        transcoder.batchCut =
                transcoder.batchCut == 0 ? cut : CUT_MEMORY * transcoder.batchCut + (1 - CUT_MEMORY) * cut;
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
                row[i] += skipped[layer][token * row.length + i];
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
            NDArray x = manager.create(flat(inputs), new Shape(tokens, width));
            NDArray r = manager.create(flat(residual[layer]), new Shape(tokens, width));
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

    private float[] flat(float[][] rows) {
        int width = shape.width();
        float[] flat = new float[rows.length * width];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, flat, row * width, width);
        }
        return flat;
    }

    private IntStream layers() {
        return IntStream.range(0, shape.layers()).parallel();
    }

    private int first(int block) {
        return block * tokens / TOKEN_BLOCKS;
    }
}
