package io.circuitstream.training.corpus;

/**
 * What a language model is trained on, as token ids without special ones: a text, or a stretch of one that is longer than a row.
 *
 * @param answer follows the prompt and weighs more in the loss; empty where there is none
 * @param end whether the text ends here, so that {@link Vocabulary#END} follows
 */
public record Line(int[] prompt, int[] answer, boolean end) {

    int tokens() {
        return prompt.length + answer.length;
    }

    /** Positions that it takes in a row: BOS and every token that is followed by another. */
    int positions() {
        return end ? 1 + tokens() : tokens();
    }
}
