package io.circuitstream.training.transcoder;

/**
 * What decides a transcoder's weights besides the model and the corpus. The budget is in steps, never in time.
 *
 * @param skip adds a trained linear map from each layer's input to its output
 * @param jacobianWeight μ of the term {@code μ/d · E_v‖J_MLP v − J_TC v‖²}; 0 leaves it out
 * @param features of each layer
 * @param targetL0 active features of a token over all layers, reached at 40 % of the steps and held from there
 * @param batch tokens a step
 * @param tokens activations collected before training, used in a new order each time round
 */
public record TranscoderPlan(
        TranscoderKind kind,
        ActivationFunction activation,
        boolean skip,
        double jacobianWeight,
        int steps,
        int features,
        long seed,
        double targetL0,
        int batch,
        int tokens,
        double learningRate) {

    public TranscoderPlan {
        require(steps >= 1, "steps", steps);
        require(features >= 1, "features", features);
        require(batch >= 1, "batch", batch);
        require(targetL0 > 0, "target L0", targetL0);
        require(learningRate > 0, "learning rate", learningRate);
        if (!(jacobianWeight >= 0)) {
            throw new IllegalArgumentException("jacobian weight must not be negative, not " + jacobianWeight);
        }
        if (tokens < batch) {
            throw new IllegalArgumentException("tokens must be at least the batch of " + batch + ", not " + tokens
                    + ": collect more, or lower the batch");
        }
    }

    private static void require(boolean ok, String what, Number value) {
        if (!ok) {
            throw new IllegalArgumentException(what + " must be positive, not " + value);
        }
    }

    /** JumpReLU with the settings that the shipped transcoders are trained with. */
    public static TranscoderPlan standard(TranscoderKind kind, int steps, int features, long seed) {
        return new TranscoderPlan(
                kind, ActivationFunction.JUMP_RELU, false, 0, steps, features, seed, 56, 1024, 200_000, 2e-3);
    }

    public TranscoderPlan withActivation(ActivationFunction other) {
        return new TranscoderPlan(
                kind, other, skip, jacobianWeight, steps, features, seed, targetL0, batch, tokens, learningRate);
    }

    public TranscoderPlan withTargetL0(double other) {
        return new TranscoderPlan(
                kind, activation, skip, jacobianWeight, steps, features, seed, other, batch, tokens, learningRate);
    }

    public TranscoderPlan withSkip(boolean other) {
        return new TranscoderPlan(
                kind, activation, other, jacobianWeight, steps, features, seed, targetL0, batch, tokens, learningRate);
    }

    public TranscoderPlan withJacobianWeight(double other) {
        return new TranscoderPlan(
                kind, activation, skip, other, steps, features, seed, targetL0, batch, tokens, learningRate);
    }

    /** The same with another amount of training data, taken this many at a time. */
    public TranscoderPlan withTokens(int other, int otherBatch) {
        return new TranscoderPlan(
                kind,
                activation,
                skip,
                jacobianWeight,
                steps,
                features,
                seed,
                targetL0,
                otherBatch,
                other,
                learningRate);
    }

    /** Number of weights it trains for a model of these sizes, thresholds included. */
    public long parameters(int layers, int width) {
        boolean thresholds = activation == ActivationFunction.JUMP_RELU || activation == ActivationFunction.BATCH_TOP_K;
        return new TranscoderShape(kind, layers, width, features, skip).parameters(thresholds);
    }

    /** 50 steps of warm-up, constant to 60 % of the steps, then linear down to 2 %. */
    double learningRateAt(int step) {
        double done = step / (double) steps;
        double decay = done < .6 ? 1 : Math.max(.02, (1 - done) / .4);
        return learningRate * Math.min(1, (step + 1) / 50.0) * decay;
    }
}
