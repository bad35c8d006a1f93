package io.circuitstream.circuits.validation;

import java.util.List;

/**
 * What is measured of every feature beside its ablation.
 *
 * @param controls random directions
 * @param factors of the activation, beside 0
 * @param constrained whether to hold the MLPs' outputs, once for every end of the range
 * @param seed of the random directions; the same seed gives the same numbers
 */
public record AblationPlan(int controls, List<Float> factors, boolean constrained, long seed) {}
