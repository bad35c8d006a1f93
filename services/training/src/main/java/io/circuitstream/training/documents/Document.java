package io.circuitstream.training.documents;

/**
 * One text, or one window of a text that is longer than the context, as the model runs on it.
 *
 * @param group the task's id in the demo corpus; empty elsewhere
 * @param tokens ids, at most a context of them, BOS first where the model has one; owned by the record, not to be changed
 * @param firstAnswer first position whose next token belongs to the answer; where no answer is known the last position,
 *     because what follows the text is the answer then
 */
public record Document(String group, int[] tokens, int firstAnswer) {
    public Document {
        if (firstAnswer < 0 || firstAnswer >= tokens.length) {
            throw new IllegalArgumentException(
                    "the answer starts after position " + firstAnswer + " of " + tokens.length + " tokens");
        }
    }
}
