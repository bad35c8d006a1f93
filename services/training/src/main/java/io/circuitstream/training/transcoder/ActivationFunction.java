package io.circuitstream.training.transcoder;

import java.util.Locale;

/** What makes a feature active, and what keeps features sparse in training. */
public enum ActivationFunction {
    /** {@code z·[z > θ]} with a trained θ for each feature; penalty {@code Σ tanh(c ‖W_dec‖ a)}. */
    JUMP_RELU(true),
    /** {@code max(z, 0)}; penalty {@code Σ ‖W_dec‖ a}. */
    RELU(true),
    /** The k largest pre-activations of each token and layer. */
    TOP_K(false),
    /**
     * The {@code k · tokens} largest {@code z ‖W_dec‖} of a minibatch over all layers; exported as JumpReLU with
     * {@code θ = τ / ‖W_dec‖}, τ the running mean of the minibatches' cuts.
     */
    BATCH_TOP_K(false);

    private final boolean penalised;

    ActivationFunction(boolean penalised) {
        this.penalised = penalised;
    }

    /** Whether a penalty steers the sparsity, rather than a count. */
    boolean penalised() {
        return penalised;
    }

    /** The name on the command line and in events, for example {@code batch-top-k}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-').replace("jump-relu", "jumprelu");
    }
}
