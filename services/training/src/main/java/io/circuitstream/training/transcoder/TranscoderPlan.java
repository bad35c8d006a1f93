package io.circuitstream.training.transcoder;

/**
 * What decides a transcoder's weights besides the model and the corpus. The budget is in steps, never in time.
 *
 * @param targetL0 active features of a token over all layers, reached at 40 % of the steps and held from there
 * @param batch tokens a step
 * @param tokens activations collected before training, used in a new order each time round
 */
public record TranscoderPlan(
        int steps, int features, long seed, double targetL0, int batch, int tokens, double learningRate) {

    public TranscoderPlan {
        if (steps < 1 || features < 1 || batch < 1 || tokens < batch) {
            throw new IllegalArgumentException("steps, features and batch must be positive, tokens at least a batch");
        }
    }

    public static TranscoderPlan standard(int steps, int features, long seed) {
        return new TranscoderPlan(steps, features, seed, 56, 1024, 200_000, 2e-3);
    }

    /** The same with another amount of training data. */
    public TranscoderPlan withTokens(int other) {
        return new TranscoderPlan(steps, features, seed, targetL0, batch, other, learningRate);
    }

    /** 50 steps of warm-up, constant to 60 % of the steps, then linear down to 2 %. */
    double learningRateAt(int step) {
        double done = step / (double) steps;
        double decay = done < .6 ? 1 : Math.max(.02, (1 - done) / .4);
        return learningRate * Math.min(1, (step + 1) / 50.0) * decay;
    }
}
