package io.circuitstream.training.evaluation;

import java.util.List;

/**
 * The model that the transcoders are of.
 *
 * @param hash content hash of its files
 * @param tasks how well it answers, in the order to be shown
 */
public record EvaluatedModel(
        String name, String hash, int layers, int width, long parameters, List<TaskAccuracy> tasks) {

    public EvaluatedModel {
        tasks = List.copyOf(tasks);
    }

    /**
     * How well it does one task.
     *
     * @param heldOutAccuracy fraction of the prompts whose answer is the model's own, word by word
     */
    public record TaskAccuracy(String task, double heldOutAccuracy, int prompts) {}
}
