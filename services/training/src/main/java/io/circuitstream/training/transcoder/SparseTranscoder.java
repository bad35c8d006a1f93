package io.circuitstream.training.transcoder;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The weights of a transcoder in training, on normalised sites: {@code z = x W_enc^T + b_enc}, {@code a = z} where a feature is
 * active and 0 elsewhere, {@code m̂_l = Σ_s a_s W_dec_{s→l} + b_dec_l (+ x_l W_skip_l)}. Not thread-safe.
 */
final class SparseTranscoder {
    private static final float NORM_EPSILON = 1e-8f;

    final TranscoderShape shape;
    final ActivationFunction activation;
    /** By layer, {@code [features][width]}. */
    final List<Parameter> encoder = new ArrayList<>();
    /** By layer, {@code [features]}. */
    final List<Parameter> encoderBias = new ArrayList<>();
    /** By layer, {@code [features]}; none unless JumpReLU. */
    final List<Parameter> logThreshold = new ArrayList<>();
    /** By {@link TranscoderShape#block}, {@code [features][width]}. */
    final List<Parameter> decoders = new ArrayList<>();
    /** By layer, {@code [width]}. */
    final List<Parameter> decoderBias = new ArrayList<>();
    /** By layer, {@code [width][width]}, input by output; none without skip. */
    final List<Parameter> skip = new ArrayList<>();
    /** By layer and feature, what a pre-activation must exceed; −∞ for TopK. Valid after {@link #refresh()}. */
    final float[][] threshold;
    /** ‖W_dec‖ over everything a feature writes with, by layer and feature; valid after {@link #refresh()}. */
    final float[][] decoderNorm;
    /** BatchTopK: running mean of the smallest {@code z ‖W_dec‖} that was active. */
    double batchCut;

    SparseTranscoder(TranscoderShape shape, ActivationFunction activation, double initialThreshold, Random random) {
        this.shape = shape;
        this.activation = activation;
        int features = shape.features();
        double encoderBound = 1 / Math.sqrt(features);
        double decoderBound = 1 / Math.sqrt((double) shape.layers() * shape.width());
        for (int layer = 0; layer < shape.layers(); layer++) {
            encoder.add(Parameter.uniform(features, shape.width(), encoderBound, random));
            encoderBias.add(Parameter.constant(features, 0));
            if (activation == ActivationFunction.JUMP_RELU) {
                logThreshold.add(Parameter.constant(features, Math.log(initialThreshold)));
            }
            decoderBias.add(Parameter.constant(shape.width(), 0));
            if (shape.skip()) {
                skip.add(Parameter.uniform(shape.width(), shape.width(), 0, random));
            }
        }
        for (int block = 0; block < shape.blocks(); block++) {
            decoders.add(Parameter.uniform(features, shape.width(), decoderBound, random));
        }
        threshold = new float[shape.layers()][features];
        decoderNorm = new float[shape.layers()][features];
        refresh();
    }

    /** The decoder rows {@code [features][width]} with which a source layer writes to a target layer. */
    float[][] decoder(int source, int target) {
        return decoders.get(shape.block(source, target)).value;
    }

    List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(encoder);
        all.addAll(encoderBias);
        all.addAll(logThreshold);
        all.addAll(decoders);
        all.addAll(decoderBias);
        all.addAll(skip);
        return all;
    }

    /** Recomputes what follows from the weights. */
    void refresh() {
        IntStream.range(0, shape.layers()).parallel().forEach(layer -> {
            float[] product = new float[shape.width()];
            for (int feature = 0; feature < shape.features(); feature++) {
                float square = NORM_EPSILON;
                for (int target = layer; target < shape.end(layer); target++) {
                    float[] row = decoder(layer, target)[feature];
                    square += Vectors.dot(row, row, product);
                }
                decoderNorm[layer][feature] = (float) Math.sqrt(square);
                threshold[layer][feature] = threshold(layer, feature);
            }
        });
    }

    private float threshold(int layer, int feature) {
        return switch (activation) {
            case JUMP_RELU -> (float) StrictMath.exp(logThreshold.get(layer).value[0][feature]);
            case RELU -> 0;
            case TOP_K -> Float.NEGATIVE_INFINITY;
            case BATCH_TOP_K -> (float) (batchCut / decoderNorm[layer][feature]);
        };
    }

    /** All parameters, one Adam step each; {@code step} counts from 1. */
    void update(double learningRate, int step) {
        parameters().parallelStream().forEach(parameter -> parameter.update(learningRate, step));
        refresh();
    }
}
