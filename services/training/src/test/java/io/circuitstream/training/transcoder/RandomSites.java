package io.circuitstream.training.transcoder;

import java.util.Random;
import java.util.stream.IntStream;

/** Gaussian sites instead of a model's. */
final class RandomSites {
    private RandomSites() {}

    /** By layer and token, {@code [width]}. */
    static float[][][] raw(TranscoderShape shape, int tokens, Random random, double mean, double scale) {
        float[][][] sites = new float[shape.layers()][tokens][shape.width()];
        for (float[][] layer : sites) {
            for (float[] row : layer) {
                for (int i = 0; i < row.length; i++) {
                    row[i] = (float) (mean + scale * random.nextGaussian());
                }
            }
        }
        return sites;
    }

    /** All tokens as one minibatch, Jacobians included. */
    static Minibatch minibatch(TranscoderShape shape, int tokens, Random random) {
        Activations data = Activations.normalised(
                raw(shape, tokens, random, 0, 1),
                raw(shape, tokens, random, 0, 1),
                raw(shape, tokens, random, 0, 1),
                "");
        return Minibatch.of(data, IntStream.range(0, tokens).toArray(), 0, tokens);
    }
}
