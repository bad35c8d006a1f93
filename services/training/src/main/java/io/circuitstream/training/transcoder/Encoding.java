package io.circuitstream.training.transcoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.model.Tensors;
import java.util.stream.IntStream;

/** The dense half of a step: pre-activations, and which features are active or near. Layers are spread over threads. */
final class Encoding {
    /**
     * Of how many tokens one is asked for features below their threshold, which are several times as many as active ones and move
     * nothing but the threshold; what it says counts this many times. Minibatches are shuffled, so the estimate is unbiased.
     */
    static final int NEAR_EVERY = 4;

    /** How quickly the running mean of BatchTopK's cut follows. */
    private static final double CUT_MEMORY = .99;

    private final SparseTranscoder transcoder;
    private final TranscoderShape shape;
    private final NDManager manager;
    private final Candidates candidates;
    private final int tokens;
    private final int active;
    /** What the skip predicts, by layer, {@code [tokens · width]}; no layers without skip. */
    final float[][] skipped;

    /** @param targetL0 active features of a token over all layers: what TopK and BatchTopK keep */
    Encoding(SparseTranscoder transcoder, NDManager manager, Candidates candidates, int tokens, double targetL0) {
        this.transcoder = transcoder;
        this.shape = transcoder.shape;
        this.manager = manager;
        this.candidates = candidates;
        this.tokens = tokens;
        this.active = active(targetL0);
        this.skipped = new float[shape.skip() ? shape.layers() : 0][];
    }

    /** TopK: features of a token and layer. BatchTopK: of all tokens and layers. */
    private int active(double targetL0) {
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

    /** Fills the candidates. */
    void run(Minibatch batch) {
        layers().forEach(layer -> select(layer, encode(layer, batch.inputs[layer])));
        if (transcoder.activation == ActivationFunction.BATCH_TOP_K) {
            keepLargest();
        }
    }

    /** {@code x W_enc^T + b_enc}, {@code [tokens · features]}; and the skip's output. */
    private float[] encode(int layer, float[][] inputs) {
        TensorRuntime.enter();
        int width = shape.width();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray x = Tensors.of(manager, flat(inputs), tokens, width);
            NDArray weight = Tensors.of(manager, transcoder.encoder.get(layer).flat(), shape.features(), width);
            NDArray bias = Tensors.of(manager, transcoder.encoderBias.get(layer).value[0], shape.features());
            if (shape.skip()) {
                NDArray skip = Tensors.of(manager, transcoder.skip.get(layer).flat(), width, width);
                skipped[layer] = x.matMul(skip).toFloatArray();
            }
            return JniUtils.linear((PtNDArray) x, (PtNDArray) weight, (PtNDArray) bias)
                    .toFloatArray();
        }
    }

    private void select(int layer, float[] z) {
        float[] threshold = transcoder.threshold[layer];
        // Half the usual cut: wide enough for this minibatch's own, narrow enough to be quick.
        float[] half = new float[shape.features()];
        Vectors.addScaled(.5f, threshold, half);
        float[] scratch = new float[shape.features()];
        for (int token = 0; token < tokens; token++) {
            float margin = token % NEAR_EVERY == 0 ? SparseStep.WINDOW / 2 : 0;
            switch (transcoder.activation) {
                case JUMP_RELU -> candidates.aboveThreshold(layer, token, z, threshold, margin);
                case RELU -> candidates.aboveThreshold(layer, token, z, threshold, 0);
                case TOP_K -> candidates.largest(layer, token, z, active, scratch);
                case BATCH_TOP_K -> candidates.aboveThreshold(layer, token, z, half, 0);
            }
        }
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

    /** Row after row. */
    static float[] flat(float[][] rows) {
        int width = rows[0].length;
        float[] flat = new float[rows.length * width];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, flat, row * width, width);
        }
        return flat;
    }

    private IntStream layers() {
        return IntStream.range(0, shape.layers()).parallel();
    }
}
