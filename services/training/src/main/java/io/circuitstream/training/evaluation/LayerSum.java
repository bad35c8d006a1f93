package io.circuitstream.training.evaluation;

import io.circuitstream.circuits.replacement.LocalReplacementModel;
import java.util.BitSet;

/** Sums over tokens behind one layer's figures, in double. Not thread-safe. */
final class LayerSum {
    private final int features;
    private final double[] outputSum;
    private final BitSet seen;
    private double outputSquares;
    private double errorSquares;
    private long active;
    private long tokens;

    LayerSum(int features, int width) {
        this.features = features;
        this.outputSum = new double[width];
        this.seen = new BitSet(features);
    }

    /** One document's unmasked positions. */
    static LayerSum of(LocalReplacementModel local, int layer) {
        int width = local.model().config().width();
        LayerSum sum = new LayerSum(local.transcoder().features(layer), width);
        for (int i = local.features().layerStart()[layer]; i < local.features().layerStart()[layer + 1]; i++) {
            sum.active++;
            sum.seen.set(local.features().index()[i]);
        }
        float[] output = local.output(layer);
        float[] reconstruction = local.reconstruction(layer);
        for (int at = local.masked() * width; at < local.positions() * width; at++) {
            double m = output[at];
            double error = reconstruction[at] - m;
            sum.outputSum[at % width] += m;
            sum.outputSquares += m * m;
            sum.errorSquares += error * error;
        }
        sum.tokens = (long) local.positions() - local.masked();
        return sum;
    }

    void add(LayerSum other) {
        for (int i = 0; i < outputSum.length; i++) {
            outputSum[i] += other.outputSum[i];
        }
        seen.or(other.seen);
        outputSquares += other.outputSquares;
        errorSquares += other.errorSquares;
        active += other.active;
        tokens += other.tokens;
    }

    /** {@code Σ‖m̂ − m‖²}. */
    double errorSquares() {
        return errorSquares;
    }

    /** {@code Σ‖m − mean m‖²}. */
    double variance() {
        double meanSquares = 0;
        for (double sum : outputSum) {
            meanSquares += sum / tokens * sum;
        }
        return outputSquares - meanSquares;
    }

    EvaluationFigures.LayerFigures figures(int layer) {
        double ratio = errorSquares / variance();
        return new EvaluationFigures.LayerFigures(
                layer,
                active / (double) tokens,
                ratio,
                1 - ratio,
                (features - seen.cardinality()) / (double) features,
                features);
    }
}
