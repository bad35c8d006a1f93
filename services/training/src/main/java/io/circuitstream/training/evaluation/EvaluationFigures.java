package io.circuitstream.training.evaluation;

import java.util.List;

/**
 * How well a transcoder stands in for a model's MLPs. Masked positions ({@code <bos>}) count nowhere. The names are those
 * of {@code evaluate --json}. Scores are NaN where no graph was computed.
 *
 * @param l0 active features of a token, summed over layers
 * @param normalisedMse {@code Σ‖m̂ − m‖² / Σ‖m − mean m‖²} on the model's own activations, mean over layers
 * @param explainedVariance 1 minus the same ratio with both sums pooled over layers
 * @param top1Agreement how often the full replacement model (every MLP replaced, no error correction) predicts the model's
 *     token
 * @param top1AgreementAnswers the same on positions that predict a token of an answer
 * @param klDivergence mean KL(model ‖ full replacement model), nats
 * @param klDivergenceAnswers the same on answer positions
 * @param replacementScore of unpruned graphs that explain the first answer token, mean over prompts
 * @param completenessScore of the same graphs
 * @param pathLength of the same graphs: edges between a token and the logit
 * @param deadFraction features that are active on none of the tokens, mean over layers
 * @param features in all layers together
 * @param parameters that were trained
 * @param tokens unmasked positions
 * @param byLayer from the lowest layer
 * @param byGroup by name
 */
public record EvaluationFigures(
        double l0,
        double normalisedMse,
        double explainedVariance,
        double top1Agreement,
        double top1AgreementAnswers,
        double klDivergence,
        double klDivergenceAnswers,
        double replacementScore,
        double completenessScore,
        double pathLength,
        double deadFraction,
        int features,
        long parameters,
        int documents,
        long tokens,
        GraphSizes graphs,
        List<LayerFigures> byLayer,
        List<GroupFigures> byGroup) {

    public EvaluationFigures {
        byLayer = List.copyOf(byLayer);
        byGroup = List.copyOf(byGroup);
    }

    /**
     * The graphs behind the scores.
     *
     * @param activeFeatures mean over prompts
     * @param edges stored ones, mean over prompts
     * @param conservationError the worst
     */
    public record GraphSizes(int prompts, double activeFeatures, double edges, double conservationError) {}

    /** One layer; L0 and ratio as in the whole. */
    public record LayerFigures(
            int layer, double l0, double normalisedMse, double explainedVariance, double deadFraction, int features) {}

    /** One group of documents; everything as in the whole. */
    public record GroupFigures(
            String group,
            double top1Agreement,
            double top1AgreementAnswers,
            double klDivergence,
            double klDivergenceAnswers,
            double replacementScore,
            double completenessScore,
            double pathLength,
            int documents,
            long tokens,
            GraphSizes graphs) {}
}
