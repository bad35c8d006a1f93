package io.circuitstream.training.perturbation;

import java.util.Map;
import java.util.SortedMap;

/**
 * The experiment over many prompts.
 *
 * @param features ablated in each prompt, at most
 * @param prompts measured
 * @param metrics means over prompts
 * @param tasks the same of every task's prompts, without intervals
 * @param cosineByDepth predicted (frozen graph) against measured changes of features so many layers above
 * @param worstDirectError largest difference of an effect with everything frozen from the edge, in logits
 * @param featureToControl how many times further an ablation moves the next token's distribution than a random direction of
 *     the same norm: median over a prompt's features
 */
public record PerturbationReport(
        String model,
        String scan,
        String split,
        int features,
        int prompts,
        SortedMap<Metric, Interval> metrics,
        SortedMap<String, Map<Metric, Double>> tasks,
        SortedMap<Integer, Interval> cosineByDepth,
        double worstDirectError,
        Interval featureToControl) {}
