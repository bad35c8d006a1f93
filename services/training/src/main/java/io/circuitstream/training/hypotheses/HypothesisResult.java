package io.circuitstream.training.hypotheses;

import java.util.List;

/**
 * What became of a hypothesis.
 *
 * @param prompt the first that was steered
 * @param predicted answer to it, steered; of several any
 * @param measured answer to it, steered
 * @param control answer to it with random directions of the same norms in place of the change
 * @param flipped whether its answer changed
 * @param cases prompts that were steered
 * @param asPredicted of them
 * @param controls runs with random directions
 * @param controlsMoved of them, those whose answer is not the clean one
 * @param features replaced in the first prompt
 */
public record HypothesisResult(
        String task,
        String hypothesis,
        String claim,
        String prompt,
        String intervention,
        String predicted,
        String measured,
        String control,
        boolean flipped,
        Verdict verdict,
        int cases,
        int asPredicted,
        int controls,
        int controlsMoved,
        int features,
        List<Outcome> outcomes) {
    private static final double MOST = .75;
    private static final double FEW = .25;
    private static final double CONTROLS = .1;

    /** CONFIRMED, REFUTED, or neither. */
    public enum Verdict {
        CONFIRMED,
        REFUTED,
        INCONCLUSIVE
    }

    /** One prompt. */
    public record Outcome(
            String prompt,
            String clean,
            String steered,
            List<String> expected,
            boolean asPredicted,
            int controlsMoved) {}

    /**
     * CONFIRMED: three quarters of the answers or more are as predicted, and at most a tenth of the controls move. REFUTED: a quarter
     * or less are as predicted.
     */
    static Verdict verdict(double asPredicted, double controlsMoved) {
        if (asPredicted >= MOST && controlsMoved <= CONTROLS) {
            return Verdict.CONFIRMED;
        }
        return asPredicted <= FEW ? Verdict.REFUTED : Verdict.INCONCLUSIVE;
    }
}
