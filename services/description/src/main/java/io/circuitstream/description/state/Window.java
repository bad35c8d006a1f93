package io.circuitstream.description.state;

import io.circuitstream.description.packed.PackedReader;
import io.circuitstream.description.packed.PackedWriter;
import io.circuitstream.description.shares.PromptShare;
import java.util.Arrays;

/**
 * Tokens around the one at which a feature is most active, with its activations: the whole prompt when it is short.
 *
 * @param start position in the prompt of the first token
 * @param masked leading tokens of the window at which no feature can be active
 * @param tokens ids [n]
 * @param activations [n], 0 where the feature is not active
 * @param peak index of the largest activation, the first one when several are
 * @param next the token after the window; at the prompt's end the one that the model puts first; −1 when unknown
 */
public record Window(int start, int masked, int[] tokens, float[] activations, int peak, int next) {
    /** Longest window. */
    static final int LENGTH = 48;

    private static final int BEFORE_PEAK = 36;

    /** Of the entries {@code from} to {@code to} of a share, which are one feature's. */
    static Window of(PromptShare share, int from, int to) {
        int peak = from;
        for (int i = from + 1; i < to; i++) {
            if (share.activation()[i] > share.activation()[peak]) {
                peak = i;
            }
        }
        int at = share.position()[peak];
        int length = share.tokens().length;
        int start = Math.max(0, Math.min(at - BEFORE_PEAK, length - LENGTH));
        int end = Math.min(length, start + LENGTH);
        float[] activations = new float[end - start];
        for (int i = from; i < to; i++) {
            int index = share.position()[i] - start;
            if (index >= 0 && index < activations.length) {
                activations[index] = share.activation()[i];
            }
        }
        int next = end < length ? share.tokens()[end] : share.next();
        return new Window(
                start,
                Math.max(0, share.masked() - start),
                Arrays.copyOfRange(share.tokens(), start, end),
                activations,
                at - start,
                next);
    }

    byte[] toBytes() {
        PackedWriter out = new PackedWriter(2 * tokens.length + 32)
                .count(start)
                .count(masked)
                .count(peak)
                .count(next + 1L)
                .count(tokens.length);
        for (int token : tokens) {
            out.count(token);
        }
        int previous = 0;
        for (int i = 0; i < activations.length; i++) {
            if (activations[i] != 0) {
                out.count(i - previous).real(activations[i]);
                previous = i;
            }
        }
        return out.toBytes();
    }

    static Window of(byte[] bytes) {
        PackedReader in = new PackedReader(bytes);
        int start = in.small();
        int masked = in.small();
        int peak = in.small();
        int next = in.small() - 1;
        int[] tokens = new int[in.small()];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = in.small();
        }
        float[] activations = new float[tokens.length];
        int at = 0;
        while (!in.isAtEnd()) {
            at += in.small();
            activations[at] = in.real();
        }
        return new Window(start, masked, tokens, activations, peak, next);
    }
}
