package io.circuitstream.training.transcoder;

import ai.djl.ndarray.NDArray;

/** Sums over tokens that make one layer's figures. Not thread-safe. */
final class LayerStatistics {
    private final double[] targetSum;
    private final boolean[] seen;
    private double targetSquares;
    private double errorSquares;
    private long active;
    private long tokens;

    LayerStatistics(TranscoderShape shape) {
        targetSum = new double[shape.width()];
        seen = new boolean[shape.features()];
    }

    /** Adds the rows {@code kept} of activations, targets and predictions of a batch. */
    void add(int[] kept, NDArray activations, NDArray targets, NDArray predictions) {
        float[] a = activations.toFloatArray();
        float[] target = targets.toFloatArray();
        float[] predicted = predictions.toFloatArray();
        for (int row : kept) {
            for (int feature = 0; feature < seen.length; feature++) {
                if (a[row * seen.length + feature] != 0) {
                    active++;
                    seen[feature] = true;
                }
            }
            for (int i = 0; i < targetSum.length; i++) {
                double m = target[row * targetSum.length + i];
                double error = predicted[row * targetSum.length + i] - m;
                targetSum[i] += m;
                targetSquares += m * m;
                errorSquares += error * error;
            }
        }
        tokens += kept.length;
    }

    TranscoderFigures.LayerFigures figures() {
        double meanSquares = 0;
        for (double sum : targetSum) {
            meanSquares += sum / tokens * sum;
        }
        long dead = 0;
        for (boolean feature : seen) {
            dead += feature ? 0 : 1;
        }
        return new TranscoderFigures.LayerFigures(
                active / (double) tokens, errorSquares / (targetSquares - meanSquares), dead / (double) seen.length);
    }
}
