package io.circuitstream.training.transcoder;

/**
 * Mean and scale of every layer's input and output site. A normalised site is {@code (x − mean) / scale} with one scale a
 * layer, so that E‖x‖² equals the width and the directions stay as they are.
 */
final class TranscoderSites {
    /** By layer, {@code [width]}. */
    final float[][] inputMean;

    final float[][] outputMean;
    final float[] inputScale;
    final float[] outputScale;

    private TranscoderSites(int layers, int width) {
        inputMean = new float[layers][width];
        outputMean = new float[layers][width];
        inputScale = new float[layers];
        outputScale = new float[layers];
    }

    /** Measures raw sites, by layer {@code [tokens, width]}, and normalises them in place. */
    static TranscoderSites normalise(int tokens, float[][] inputs, float[][] outputs) {
        int layers = inputs.length;
        TranscoderSites sites = new TranscoderSites(layers, inputs[0].length / tokens);
        for (int layer = 0; layer < layers; layer++) {
            sites.inputScale[layer] = normalise(tokens, inputs[layer], sites.inputMean[layer]);
            sites.outputScale[layer] = normalise(tokens, outputs[layer], sites.outputMean[layer]);
        }
        return sites;
    }

    /** One site; fills in its mean and yields its scale. */
    private static float normalise(int tokens, float[] values, float[] mean) {
        int width = mean.length;
        double[] sum = new double[width];
        double squares = 0;
        for (int at = 0; at < values.length; at++) {
            sum[at % width] += values[at];
            squares += (double) values[at] * values[at];
        }
        double meanSquares = 0;
        for (int i = 0; i < width; i++) {
            mean[i] = (float) (sum[i] / tokens);
            meanSquares += (double) mean[i] * mean[i];
        }
        float scale = (float) Math.max(1e-6, Math.sqrt((squares / tokens - meanSquares) / width));
        for (int at = 0; at < values.length; at++) {
            values[at] = (values[at] - mean[at % width]) / scale;
        }
        return scale;
    }
}
