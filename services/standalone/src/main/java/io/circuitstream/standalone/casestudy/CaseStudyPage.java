package io.circuitstream.standalone.casestudy;

import io.circuitstream.events.AutomaticLabel;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.TokenEffect;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.standalone.trace.CircuitText;
import io.circuitstream.training.hypotheses.HypothesisResult;
import io.circuitstream.training.hypotheses.HypothesisResult.Outcome;
import io.circuitstream.training.hypotheses.HypothesisTable;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A task's page. */
final class CaseStudyPage {
    private static final int SHOWN_FEATURES = 12;
    private static final int SHOWN_PROMOTED = 3;
    private static final String OTHERS = """
            What did not go as predicted:

            | hypothesis | prompt | answer | steered | predicted |
            |---|---|---|---|---|
            """;

    private final CaseStudy study;
    private final KnownFeatures features;
    private final InferenceCompleted inference;
    private final Circuit circuit;

    CaseStudyPage(CaseStudy study, KnownFeatures features) {
        this.study = study;
        this.features = features;
        this.inference = study.trace().inference();
        this.circuit = study.trace().circuit();
    }

    String text() {
        return question() + finding() + features() + hypotheses() + scores();
    }

    private String question() {
        StudiedTask task = study.task();
        String answers = inference.getTopLogits().stream()
                .limit(3)
                .map(t -> String.format(Locale.ROOT, "**%s** %.3f", MarkdownText.of(t.getToken()), t.getProbability()))
                .collect(Collectors.joining(", "));
        return "# " + task.title() + "\n\n"
                + task.description() + "\n\n"
                + "| prompt | expected | the model's next token |\n|---|---|---|\n| "
                + MarkdownText.of(task.prompt()) + " | " + MarkdownText.of(task.expected()) + " | " + answers + " |\n\n"
                + "![The circuit of “" + MarkdownText.of(task.prompt()) + "”](" + task.name() + ".svg)\n\n"
                + "`./circuitstream trace --local \"" + task.prompt() + "\" --picture " + task.name() + ".svg`\n\n";
    }

    private String finding() {
        return "## Finding\n\n" + study.finding().orElse(CaseStudy.NO_FINDING) + "\n\n";
    }

    private String features() {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, """
                ## The features with most influence

                Label, evidence and held-out score (balanced accuracy on texts the label was not found on) as the description service gives them after
                %,d development texts. Effect: on %s, gates fixed; setting the feature to 0 is predicted to take it away.

                | feature | at | influence | effect | label | evidence, score | promotes |
                |---|---|---:|---:|---|---|---|
                """, features.prompts(), target()));
        circuit.getNodes().stream()
                .filter(n -> n.getKind() == NodeKind.FEATURE)
                .sorted(Comparator.comparingDouble(n -> -n.getInfluence()))
                .limit(SHOWN_FEATURES)
                .forEach(n -> text.append(row(n)));
        return text.append("\n").toString();
    }

    private String target() {
        return MarkdownText.of(circuit.getTargets().get(0).getToken());
    }

    private String row(CircuitNode node) {
        Optional<FeatureDescription> known = features.of(new KnownFeatures.Feature(node.getLayer(), node.getFeature()));
        return String.format(
                Locale.ROOT,
                "| %d/%d | %s@%d | %.3f | %+.3f | %s | %s | %s |\n",
                node.getLayer(),
                node.getFeature(),
                MarkdownText.of(circuit.getTokens().get(node.getPosition())),
                node.getPosition(),
                node.getInfluence(),
                node.getEffect(),
                known.map(FeatureDescription::getLabel).map(MarkdownText::of).orElse(""),
                known.map(FeatureDescription::getAutomatic)
                        .map(CaseStudyPage::evidence)
                        .orElse("on none of the texts"),
                known.map(FeatureDescription::getPromoted)
                        .map(CaseStudyPage::tokens)
                        .orElse(""));
    }

    private static String evidence(AutomaticLabel label) {
        String kind = label.getEvidence().name().toLowerCase(Locale.ROOT);
        return label.getScore() == null ? kind : String.format(Locale.ROOT, "%s, %.2f", kind, label.getScore());
    }

    private static String tokens(List<TokenEffect> effects) {
        return effects.stream()
                .limit(SHOWN_PROMOTED)
                .map(e -> MarkdownText.of(e.getToken()))
                .collect(Collectors.joining(", "));
    }

    private String hypotheses() {
        StringBuilder text = new StringBuilder("## The hypotheses\n\n")
                .append(HypothesisTable.rows(study.results()))
                .append("\n")
                .append(HypothesisTable.claims(study.results()))
                .append(
                        "\nHow predictions are tested and when they count as confirmed: [tasks.md](../evaluation/tasks.md).");
        String others = study.results().stream()
                .flatMap(
                        r -> r.outcomes().stream().filter(o -> !o.asPredicted()).map(o -> other(r, o)))
                .collect(Collectors.joining());
        if (!others.isEmpty()) {
            text.append(" ").append(OTHERS).append(others);
        } else {
            text.append(" Every steered answer was as predicted.\n");
        }
        return text.append("\n").toString();
    }

    private static String other(HypothesisResult result, Outcome outcome) {
        return String.format(
                "| %s | %s | %s | %s | %s |\n",
                result.hypothesis(),
                MarkdownText.of(outcome.prompt()),
                MarkdownText.of(outcome.clean()),
                MarkdownText.of(outcome.steered()),
                MarkdownText.of(String.join(" or ", outcome.expected())));
    }

    private String scores() {
        ValidationReport report = study.trace().report();
        return String.format(
                        Locale.ROOT,
                        """
                ## This circuit

                | | graph | circuit |
                |---|---:|---:|
                | features | %d | %d |
                | edges | %d | %d |
                | completeness | %.3f | %.3f |
                | replacement | %.3f | %.3f |

                Errors hold %.3f of the graph's influence; the replacement model %s. Of %d claims %d are confirmed by ablation, %d refuted, %d
                undecided: %s. (Random controls are drawn from the prompt's id, here `%s`: with another one some claims may end otherwise.) Rank correlation of
                predicted and measured effects %s (model's gradient: %s).

                """,
                        circuit.getActiveFeatures(),
                        circuit.getNodes().stream()
                                .filter(n -> n.getKind() == NodeKind.FEATURE)
                                .count(),
                        circuit.getStoredEdges(),
                        circuit.getEdgeWeight().remaining() / Float.BYTES,
                        circuit.getCompletenessScore(),
                        circuit.getCircuitCompletenessScore(),
                        circuit.getReplacementScore(),
                        circuit.getCircuitReplacementScore(),
                        report.getErrorShare(),
                        report.getReplacementAgrees() ? "gives the same next token" : "gives another next token",
                        report.getClaims().size(),
                        report.getConfirmed(),
                        report.getRefuted(),
                        report.getInconclusive(),
                        report.getVerdict(),
                        study.task().promptId(),
                        number(report.getSpearman()),
                        number(report.getBestSpearman()))
                + "Strongest paths:\n\n```\n"
                + String.join("\n", CircuitText.paths(circuit))
                + "\n```\n";
    }

    private static String number(@Nullable Double value) {
        return value == null ? "undefined" : String.format(Locale.ROOT, "%.2f", value);
    }
}
