package io.circuitstream.training.documents;

/**
 * A text as the model reads it, with the part that is an answer.
 *
 * @param group what it is counted with, such as the task
 * @param tokens ids, {@code <bos>} first where the model has one
 * @param firstAnswer first position that predicts a token of the answer
 */
public record Document(String group, int[] tokens, int firstAnswer) {}
