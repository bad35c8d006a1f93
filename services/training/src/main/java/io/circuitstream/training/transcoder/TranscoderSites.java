package io.circuitstream.training.transcoder;

import java.util.stream.IntStream;

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

    /** Measures raw sites, by layer and token {@code [width]}, and normalises them in place. */
    static TranscoderSites normalise(float[][][] inputs, float[][][] outputs) {
        int layers = inputs.length;
        TranscoderSites sites = new TranscoderSites(layers, inputs[0][0].length);
        IntStream.range(0, layers).parallel().forEach(layer -> {
            sites.inputScale[layer] = normalise(inputs[layer], sites.inputMean[layer]);
            sites.outputScale[layer] = normalise(outputs[layer], sites.outputMean[layer]);
        });
        return sites;
    }

    /** One site; fills in its mean and yields its scale. */
    private static float normalise(float[][] rows, float[] mean) {
        int width = mean.length;
        double[] sum = new double[width];
        double squares = 0;
        for (float[] row : rows) {
            for (int i = 0; i < width; i++) {
                sum[i] += row[i];
                squares += (double) row[i] * row[i];
            }
        }
        double meanSquares = 0;
        for (int i = 0; i < width; i++) {
            mean[i] = (float) (sum[i] / rows.length);
            meanSquares += (double) mean[i] * mean[i];
        }
        float scale = (float) Math.max(1e-6, Math.sqrt((squares / rows.length - meanSquares) / width));
        for (float[] row : rows) {
            for (int i = 0; i < width; i++) {
                row[i] = (row[i] - mean[i]) / scale;
            }
        }
        return scale;
    }
}
