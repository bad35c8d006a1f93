package io.circuitstream.training.perturbation;

import java.util.Map;

/**
 * One prompt's figures.
 *
 * @param group the task
 * @param values of the metrics that the prompt has
 * @param cosineByDepth predicted (frozen graph) against measured (model, own layer) changes of features so many layers above
 * @param worstDirectError largest difference of an effect with everything frozen from the edge, in logits
 * @param featureToControl median over the features of how much further the ablation moves the next token's distribution than a
 *     random direction of the same layers and norms
 */
record PromptFigures(
        String group,
        Map<Metric, Double> values,
        Map<Integer, Double> cosineByDepth,
        double worstDirectError,
        double featureToControl) {}
