package io.circuitstream.training;

/**
 * What the progress of a transcoder says beside its loss.
 *
 * @param squaredError normalised, mean over the layers
 * @param penalty the sparsity penalty's part of the loss
 * @param l0ByLayer active features of a token, {@code [layers]}
 * @param normalisedMseByLayer {@code [layers]}
 * @param deadFraction share of the features that have not been active lately
 * @param lambda weight of the penalty
 */
public record SparsityFigures(
        double squaredError,
        double penalty,
        float[] l0ByLayer,
        float[] normalisedMseByLayer,
        double deadFraction,
        double lambda) {

    /** Of a model, which has no features. */
    public static final SparsityFigures NONE = new SparsityFigures(0, 0, new float[0], new float[0], 0, 0);

    /** Active features of a token, over all layers. */
    public double l0() {
        double sum = 0;
        for (float layer : l0ByLayer) {
            sum += layer;
        }
        return sum;
    }
}
