package io.circuitstream.description.shares;

import java.util.Arrays;

/**
 * One prompt with those of its active features that belong to one share: struct of arrays of length F, ascending by
 * (layer, feature, position). A share without active features still counts the prompt's tokens.
 *
 * @param prompt hash of the token ids: equal prompts count as one context. Its lowest bit says which prompts labels are found on
 *     and which they are scored on; its order, unsigned, is the order of sampling
 * @param tokens ids [T]
 * @param masked leading positions where no feature can be active
 * @param next the token that the model puts first after the prompt; −1 when unknown
 */
public record PromptShare(
        long prompt, int[] tokens, int masked, int next, int[] layer, int[] feature, int[] position, float[] activation)
        implements Share {

    public int count() {
        return layer.length;
    }

    /** Tokens at which features can be active. */
    public int openTokens() {
        return Math.max(0, tokens.length - masked);
    }

    /** The end of the run of entries of one feature that begins at {@code from}. */
    public int runEnd(int from) {
        int to = from + 1;
        while (to < layer.length && layer[to] == layer[from] && feature[to] == feature[from]) {
            to++;
        }
        return to;
    }

    /** The first tokens only, at most {@code length}, with what is active there. */
    public PromptShare head(int length) {
        if (tokens.length <= length) {
            return this;
        }
        int[] kept = new int[count()];
        int n = 0;
        for (int i = 0; i < count(); i++) {
            if (position[i] < length) {
                kept[n++] = i;
            }
        }
        int[] rows = Arrays.copyOf(kept, n);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = activation[rows[i]];
        }
        return new PromptShare(
                prompt,
                Arrays.copyOf(tokens, length),
                masked,
                tokens[length],
                pick(layer, rows),
                pick(feature, rows),
                pick(position, rows),
                values);
    }

    private static int[] pick(int[] column, int[] rows) {
        return Arrays.stream(rows).map(i -> column[i]).toArray();
    }
}
