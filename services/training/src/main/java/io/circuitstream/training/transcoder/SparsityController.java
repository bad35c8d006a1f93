package io.circuitstream.training.transcoder;

/**
 * Finds the penalty's weight λ that gives the wanted L0. The wanted L0 falls linearly from four times the target to the target
 * over the first 40 % of the steps; λ moves by at most 3 % a step, and stands still over the last 5 %. Not thread-safe.
 */
final class SparsityController {
    private static final double FIRST_LAMBDA = 2e-3;
    private static final double START_FACTOR = 4;
    private static final double REACHED_AT = .4;
    private static final double FROZEN_FROM = .95;
    private static final double GAIN = .03;
    private static final int SETTLING_STEPS = 5;

    private final double target;
    private final int steps;
    private double lambda = FIRST_LAMBDA;

    SparsityController(double target, int steps) {
        this.target = target;
        this.steps = steps;
    }

    double lambda() {
        return lambda;
    }

    /** Continues with the λ of an earlier run. */
    void resume(double earlier) {
        lambda = earlier;
    }

    /** The L0 aimed for at a step. */
    double wanted(int step) {
        double left = Math.max(0, 1 - step / (double) steps / REACHED_AT);
        return target * (1 + (START_FACTOR - 1) * left);
    }

    void observe(int step, double l0) {
        if (step <= SETTLING_STEPS || step >= FROZEN_FROM * steps) {
            return;
        }
        double change = GAIN * (l0 / wanted(step) - 1);
        lambda *= StrictMath.exp(Math.max(-GAIN, Math.min(GAIN, change)));
    }
}
