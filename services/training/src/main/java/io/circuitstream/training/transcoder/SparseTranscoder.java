package io.circuitstream.training.transcoder;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The weights of a cross-layer transcoder in training, on normalised sites: activation {@code a = z·[z > θ]} with
 * {@code z = x W_enc^T + b_enc} and {@code θ = exp(log θ)}. Not thread-safe.
 */
final class SparseTranscoder {
    final TranscoderShape shape;
    /** By layer, {@code [features][width]}. */
    final List<Parameter> encoder = new ArrayList<>();
    /** By layer, {@code [features]}. */
    final List<Parameter> encoderBias = new ArrayList<>();
    /** By layer, {@code [features]}. */
    final List<Parameter> logThreshold = new ArrayList<>();
    /** By source layer, {@code [features][decoderWidth(source)]}, the last layer written first. */
    final List<Parameter> decoder = new ArrayList<>();
    /** {@code [layers · width]}, the last layer first. */
    final Parameter decoderBias;
    /** θ by layer and feature; valid after {@link #refresh()}. */
    final float[][] threshold;
    /** ‖W_dec‖ over a feature's concatenated decoders, by layer and feature; valid after {@link #refresh()}. */
    final float[][] decoderNorm;

    SparseTranscoder(TranscoderShape shape, double initialThreshold, Random random) {
        this.shape = shape;
        int features = shape.features();
        double encoderBound = 1 / Math.sqrt(features);
        double decoderBound = 1 / Math.sqrt(shape.outputWidth());
        for (int layer = 0; layer < shape.layers(); layer++) {
            encoder.add(Parameter.uniform(features, shape.width(), encoderBound, random));
            encoderBias.add(Parameter.constant(features, 0));
            logThreshold.add(Parameter.constant(features, Math.log(initialThreshold)));
            decoder.add(Parameter.uniform(features, shape.decoderWidth(layer), decoderBound, random));
        }
        decoderBias = Parameter.constant(shape.outputWidth(), 0);
        threshold = new float[shape.layers()][features];
        decoderNorm = new float[shape.layers()][features];
        refresh();
    }

    List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(encoder);
        all.addAll(encoderBias);
        all.addAll(logThreshold);
        all.addAll(decoder);
        all.add(decoderBias);
        return all;
    }

    /** Recomputes what follows from the weights. */
    void refresh() {
        IntStream.range(0, shape.layers()).parallel().forEach(layer -> {
            float[][] rows = decoder.get(layer).value;
            int width = shape.decoderWidth(layer);
            for (int feature = 0; feature < shape.features(); feature++) {
                threshold[layer][feature] = (float) Math.exp(logThreshold.get(layer).value[0][feature]);
                float square = Vectors.dot(rows[feature], rows[feature], width);
                decoderNorm[layer][feature] = (float) Math.sqrt(square + 1e-8f);
            }
        });
    }

    /** All parameters, one Adam step each. */
    void update(double learningRate, int step) {
        parameters().parallelStream().forEach(parameter -> parameter.update(learningRate, step));
        refresh();
    }
}
