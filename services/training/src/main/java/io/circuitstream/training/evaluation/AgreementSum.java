package io.circuitstream.training.evaluation;

/** How often and how closely a replacement predicts what the model predicts, summed over positions. Not thread-safe. */
final class AgreementSum {
    private long positions;
    private long same;
    private double divergence;

    /** Adds one position from both models' logits [V]; the most probable token is the first of equal ones. */
    void add(float[] model, float[] replacement) {
        positions++;
        same += top(model) == top(replacement) ? 1 : 0;
        divergence += divergence(model, replacement);
    }

    void add(AgreementSum other) {
        positions += other.positions;
        same += other.same;
        divergence += other.divergence;
    }

    long positions() {
        return positions;
    }

    /** Fraction of the positions where both predict the same token; NaN without positions. */
    double top1() {
        return same / (double) positions;
    }

    /** Mean KL(model ‖ replacement), nats; NaN without positions. */
    double klDivergence() {
        return divergence / positions;
    }

    /** {@code Σ p (log p − log q)}; StrictMath, so that every JDK gives the same bits. */
    private static double divergence(float[] model, float[] replacement) {
        double modelNorm = logNorm(model);
        double replacementNorm = logNorm(replacement);
        double sum = 0;
        for (int v = 0; v < model.length; v++) {
            double logP = model[v] - modelNorm;
            sum += StrictMath.exp(logP) * (logP - (replacement[v] - replacementNorm));
        }
        return sum;
    }

    /** log Σ exp. */
    private static double logNorm(float[] logits) {
        double max = logits[top(logits)];
        double sum = 0;
        for (float logit : logits) {
            sum += StrictMath.exp(logit - max);
        }
        return max + StrictMath.log(sum);
    }

    private static int top(float[] logits) {
        int top = 0;
        for (int v = 1; v < logits.length; v++) {
            if (logits[v] > logits[top]) {
                top = v;
            }
        }
        return top;
    }
}
