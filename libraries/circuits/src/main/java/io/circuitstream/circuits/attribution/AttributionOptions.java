package io.circuitstream.circuits.attribution;

import io.circuitstream.circuits.graph.Readout;
import java.util.Arrays;
import java.util.List;

/**
 * How a graph is computed.
 *
 * @param maxLogits most logit targets
 * @param logitProbability targets are the top tokens until their probabilities sum to this
 * @param targets to attribute from instead; empty for the top tokens
 * @param rowDrop share of a row's Σ|A| that its smallest entries may have together and still not be stored
 * @param expansion which features get a row
 * @param maxBytes most bytes of all rows together, 24 each and 8 for each entry: entries with the least influence are left out
 */
public record AttributionOptions(
        int maxLogits,
        double logitProbability,
        List<Readout> targets,
        double rowDrop,
        Expansion expansion,
        long maxBytes) {

    /** For {@code maxBytes}: no limit but that of an array. */
    public static final long UNLIMITED = 8L * (Integer.MAX_VALUE - 8);

    /** Every row, and every entry but the smallest of each row. */
    public static final AttributionOptions DEFAULT = new AttributionOptions(10, 0.95, List.of(), 0.001);

    /** @throws IllegalArgumentException if an option makes no sense */
    public AttributionOptions {
        targets = List.copyOf(targets);
        if (maxLogits < 1) {
            throw new IllegalArgumentException("max logits is " + maxLogits + ", must be at least 1");
        }
        if (!(logitProbability > 0 && logitProbability <= 1)) {
            throw new IllegalArgumentException("logit probability is " + logitProbability + ", must be in (0, 1]");
        }
        if (!(rowDrop >= 0 && rowDrop < 1)) {
            throw new IllegalArgumentException("row drop is " + rowDrop + ", must be in [0, 1)");
        }
        if (maxBytes < 1 || maxBytes > UNLIMITED) {
            throw new IllegalArgumentException("max bytes is " + maxBytes + ", must be 1 to " + UNLIMITED);
        }
    }

    /** Exactly, whatever the size. */
    public AttributionOptions(int maxLogits, double logitProbability, List<Readout> targets, double rowDrop) {
        this(maxLogits, logitProbability, targets, rowDrop, Expansion.EXACT, UNLIMITED);
    }

    public AttributionOptions with(Expansion other) {
        return new AttributionOptions(maxLogits, logitProbability, targets, rowDrop, other, maxBytes);
    }

    public AttributionOptions withMaxBytes(long most) {
        return new AttributionOptions(maxLogits, logitProbability, targets, rowDrop, expansion, most);
    }

    /** From these tokens, or from the top ones if there are none; exactly. */
    public static AttributionOptions ofTokens(int maxLogits, double logitProbability, int[] tokens, double rowDrop) {
        List<Readout> targets =
                Arrays.stream(tokens).<Readout>mapToObj(Readout.Token::new).toList();
        return new AttributionOptions(maxLogits, logitProbability, targets, rowDrop);
    }
}
