package io.circuitstream.training.hypotheses;

import java.util.List;
import java.util.Locale;

/** The hypotheses as Markdown. */
public final class HypothesisTable {
    private static final String HOW = """
            # Hypotheses on the ten tasks

            For every hypothesis the features that most prompts of one kind have and few of another are replaced: the first set to 0, the
            second to their mean activation, at stated positions and layers, at every layer they write to, while the model's own MLPs and
            attention recompute. No activation is amplified. CONFIRMED: at least three quarters of the steered answers are as predicted, and
            at most a tenth of the controls (five for each prompt: random directions of the same norm at the same layers and positions)
            change the answer. REFUTED: at most a quarter are as predicted. Positions and layers were chosen by looking at some of these
            prompts; the other cases are instances that were not looked at. Each task's circuit and what a person makes of it:
            [case studies](../case-studies/README.md).

            """;

    private HypothesisTable() {}

    /** The page. */
    public static String of(List<HypothesisResult> results) {
        return HOW + rows(results) + "\n" + claims(results);
    }

    /** A row each, under a head. */
    public static String rows(List<HypothesisResult> results) {
        StringBuilder text =
                new StringBuilder("| task | hypothesis | first prompt | predicted | steered | control | as predicted |"
                        + " controls moved | verdict |\n|---|---|---|---|---|---|---:|---:|---|\n");
        for (HypothesisResult r : results) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %s | %s | %d of %d | %d of %d | %s |\n",
                    r.task(),
                    r.hypothesis(),
                    r.prompt(),
                    r.predicted(),
                    r.measured(),
                    r.control(),
                    r.asPredicted(),
                    r.cases(),
                    r.controlsMoved(),
                    r.controls(),
                    r.verdict()));
        }
        return text.toString();
    }

    /** What each claims and how that was tested. */
    public static String claims(List<HypothesisResult> results) {
        StringBuilder text = new StringBuilder();
        for (HypothesisResult r : results) {
            text.append(String.format(
                    "- **%s, %s**: %s *%s* (%d features in the first prompt.)\n",
                    r.task(), r.hypothesis(), r.claim(), r.intervention(), r.features()));
        }
        return text.toString();
    }
}
