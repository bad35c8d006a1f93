package io.circuitstream.training.perturbation;

import java.util.Arrays;
import java.util.Random;

/**
 * A mean over prompts with its 95 % confidence interval: percentiles of means of prompts drawn again with replacement.
 *
 * @param prompts that have the value
 */
public record Interval(int prompts, double mean, double low, double high) {
    private static final int DRAWS = 2000;

    static Interval of(double[] values) {
        Random random = new Random(1);
        double[] means = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            double sum = 0;
            for (int k = 0; k < values.length; k++) {
                sum += values[random.nextInt(values.length)];
            }
            means[i] = sum / values.length;
        }
        Arrays.sort(means);
        return new Interval(
                values.length,
                Arrays.stream(values).average().orElse(Double.NaN),
                means[(int) (.025 * DRAWS)],
                means[(int) (.975 * DRAWS)]);
    }
}
