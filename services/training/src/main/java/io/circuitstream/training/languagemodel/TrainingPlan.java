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

    private static final int DEMO_LENGTH = 48;
    private static final int TOKENS = 32 * DEMO_LENGTH;

    public TrainingPlan {
        if (steps < 1) {
            throw new IllegalArgumentException("steps must be at least 1, not " + steps);
        }
        if (length < 2) {
            throw new IllegalArgumentException("a row of " + length + " tokens is too short: give at least 2");
        }
    }

    /** The recipe that ships, for the short lines of the demo corpus. */
    public static TrainingPlan standard(int steps, long seed) {
        return standard(steps, seed, DEMO_LENGTH);
    }

    /**
     * The same for texts of another length, with as many tokens an update.
     *
     * @param length of a row, 2 or more
     */
    public static TrainingPlan standard(int steps, long seed, int length) {
        return new TrainingPlan(steps, seed, Math.max(1, TOKENS / length), length, 2.5e-3, 200, .03, .1, 1, .1);
    }

    /** Linear warm-up, then a cosine down to the final fraction. */
    double learningRateAt(int step) {
        double warm = Math.min(1, (step + 1) / (double) warmupSteps);
        double cosine = .5 * (1 + Math.cos(Math.PI * step / steps));
        return learningRate * warm * (finalFraction + (1 - finalFraction) * cosine);
    }
}
