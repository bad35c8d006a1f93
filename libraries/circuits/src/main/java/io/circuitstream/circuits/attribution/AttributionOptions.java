package io.circuitstream.circuits.attribution;

/**
 * How a graph is computed.
 *
 * @param maxLogits most logit targets
 * @param logitProbability targets are the top tokens until their probabilities sum to this
 * @param targetTokens token ids to attribute from instead; empty for the top tokens
 * @param rowDrop share of a row's Σ|A| that its smallest entries may have together and still not be stored
 */
public record AttributionOptions(int maxLogits, double logitProbability, int[] targetTokens, double rowDrop) {

    public static final AttributionOptions DEFAULT = new AttributionOptions(10, 0.95, new int[0], 0.001);

    public AttributionOptions {
        if (maxLogits < 1) {
            throw new IllegalArgumentException("max logits is " + maxLogits + ", must be at least 1");
        }
        if (!(logitProbability > 0 && logitProbability <= 1)) {
            throw new IllegalArgumentException("logit probability is " + logitProbability + ", must be in (0, 1]");
        }
        if (!(rowDrop >= 0 && rowDrop < 1)) {
            throw new IllegalArgumentException("row drop is " + rowDrop + ", must be in [0, 1)");
        }
    }
}
