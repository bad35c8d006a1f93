package io.circuitstream.training.transcoder;

import io.circuitstream.training.corpus.Task;
import java.util.List;
import java.util.Map;

/**
 * How well a transcoder stands in for a model's MLPs on held-out prompts; {@code <bos>} is excluded everywhere.
 *
 * @param layers figures of each layer on the model's own activations
 * @param answers the full replacement model (every MLP replaced, no error correction, {@code <bos>} keeps the real MLP) against
 *     the model, on positions that predict a token of an answer
 * @param all the same on every position
 * @param agreementByTask top-1 agreement on answer positions
 */
public record TranscoderFigures(
        List<LayerFigures> layers, Agreement answers, Agreement all, Map<Task, Double> agreementByTask) {

    /**
     * One layer's figures.
     *
     * @param l0 mean number of active features of a token
     * @param normalisedMse {@code Σ‖m̂ − m‖² / Σ‖m − mean m‖²}
     * @param deadFraction features active on none of the tokens seen
     */
    public record LayerFigures(double l0, double normalisedMse, double deadFraction) {}

    /**
     * How often and how closely the replacement model predicts what the model predicts.
     *
     * @param top1 fraction of positions where both models predict the same token
     * @param klDivergence mean {@code KL(model ‖ replacement)}, nats
     */
    public record Agreement(long positions, double top1, double klDivergence) {}

    public double totalL0() {
        return layers.stream().mapToDouble(LayerFigures::l0).sum();
    }

    /** Mean over layers. */
    public double normalisedMse() {
        return layers.stream()
                .mapToDouble(LayerFigures::normalisedMse)
                .average()
                .orElse(Double.NaN);
    }

    /** Mean over layers. */
    public double deadFraction() {
        return layers.stream().mapToDouble(LayerFigures::deadFraction).average().orElse(Double.NaN);
    }
}
