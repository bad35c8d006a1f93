package io.circuitstream.training.corpus;

import java.util.Arrays;

/**
 * Rows of tokens, several lines a row, each {@code <bos> prompt answer} and, where the text ends, predicting {@code <eos>} last.
 * All arrays are {@code [rows · length]}, row-major; lines in a row do not see each other.
 */
public final class PackedBatch {
    private static final float HIDDEN = -1e9f;

    private final int rows;
    private final int length;
    private final int[] filled;
    private final int[] documents;
    private final long[] tokens;
    private final long[] targets;
    private final boolean[] answer;
    /** Position inside the line, or -1 for padding. */
    private final int[] position;

    private final int[] document;

    /** Nothing but padding. */
    public PackedBatch(int rows, int length) {
        this.rows = rows;
        this.length = length;
        this.filled = new int[rows];
        this.documents = new int[rows];
        this.tokens = new long[rows * length];
        this.targets = new long[rows * length];
        this.answer = new boolean[rows * length];
        this.position = new int[rows * length];
        this.document = new int[rows * length];
        Arrays.fill(tokens, Vocabulary.PADDING);
        Arrays.fill(targets, Vocabulary.PADDING);
        Arrays.fill(position, -1);
    }

    /** Puts the line into the first row with room; false if there is none. */
    public boolean add(Line line) {
        for (int row = 0; row < rows; row++) {
            if (length - filled[row] >= line.positions()) {
                place(row, line);
                return true;
            }
        }
        return false;
    }

    private void place(int row, Line line) {
        int[] prompt = line.prompt();
        int[] text = new int[line.positions() + 1];
        text[0] = Vocabulary.BEGIN;
        System.arraycopy(prompt, 0, text, 1, prompt.length);
        System.arraycopy(line.answer(), 0, text, 1 + prompt.length, line.answer().length);
        if (line.end()) {
            text[text.length - 1] = Vocabulary.END;
        }
        documents[row]++;
        for (int i = 0; i + 1 < text.length; i++) {
            int at = row * length + filled[row]++;
            tokens[at] = text[i];
            targets[at] = text[i + 1];
            answer[at] = i >= prompt.length && i < line.tokens();
            position[at] = i;
            document[at] = documents[row];
        }
    }

    public int rows() {
        return rows;
    }

    public int length() {
        return length;
    }

    /** Token ids, {@code [rows, length]}. */
    public long[] tokens() {
        return tokens;
    }

    /** The token each position should predict, {@code [rows, length]}. */
    public long[] targets() {
        return targets;
    }

    public boolean isText(int at) {
        return position[at] >= 0;
    }

    /** Whether this position predicts a token of the answer. */
    public boolean isAnswer(int at) {
        return answer[at];
    }

    public int size() {
        return rows * length;
    }

    public int textTokens() {
        return Arrays.stream(filled).sum();
    }

    /** Additive attention mask {@code [rows, 1, length, length]}: causal, and block-diagonal over the lines of a row. */
    public float[] mask() {
        float[] mask = new float[rows * length * length];
        for (int row = 0; row < rows; row++) {
            for (int query = 0; query < length; query++) {
                int line = (row * length + query) * length;
                for (int key = 0; key < length; key++) {
                    boolean visible = key <= query && document[row * length + key] == document[row * length + query];
                    mask[line + key] = visible ? 0f : HIDDEN;
                }
            }
        }
        return mask;
    }
}
