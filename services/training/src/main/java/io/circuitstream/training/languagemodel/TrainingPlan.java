package io.circuitstream.training.languagemodel;

/**
 * What decides a model's weights besides its shape and the corpus. The budget is in steps, never in time, so that the
 * same plan gives the same weights.
 *
 * @param rows rows of a batch, each {@code length} tokens
 * @param promptWeight loss weight of tokens outside answers; answers have 1
 */
public record TrainingPlan(
        int steps,
        long seed,
        int rows,
        int length,
        double learningRate,
        int warmupSteps,
        double finalFraction,
        double weightDecay,
        double gradientNorm,
        double promptWeight) {

    public TrainingPlan {
        if (steps < 1) {
            throw new IllegalArgumentException("steps must be at least 1, not " + steps);
        }
    }

    public static TrainingPlan standard(int steps, long seed) {
        return new TrainingPlan(steps, seed, 32, 48, 2.5e-3, 200, .03, .1, 1, .1);
    }

    /** Linear warm-up, then a cosine down to the final fraction. */
    double learningRateAt(int step) {
        double warm = Math.min(1, (step + 1) / (double) warmupSteps);
        double cosine = .5 * (1 + Math.cos(Math.PI * step / steps));
        return learningRate * warm * (finalFraction + (1 - finalFraction) * cosine);
    }
}
