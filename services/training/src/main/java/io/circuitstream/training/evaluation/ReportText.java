package io.circuitstream.training.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** The report's {@code README.md}: what was measured and how, tables, who is better at equal sparsity, charts. */
final class ReportText {
    private static final String HOW = """
            ## How it was measured

            - **L0**: active features of a token, summed over layers. **NMSE**: `Σ‖m̂ − m‖² / Σ‖m − mean m‖²` of a layer's output on
              the model's own activations, mean over layers; **EV**: 1 minus the same ratio with both sums pooled over layers.
              **Dead**: features active on none of the tokens.
            - **Agreement** and **KL** compare the model with its full replacement model: every MLP replaced, no error correction,
              features re-encoded from the replaced stream. Agreement: the same most probable token; KL(model ‖ replacement) in
              nats. *Answers* are the positions that predict a token of the answer.
            - **Replacement**, **completeness** and **path** (length, in edges from a token to the logit) are of unpruned
              attribution graphs of the first answer token, mean over prompts.
            - Position 0 (`<bos>`) keeps its MLP and counts nowhere.
            """;

    private static final String PUBLISHED = """
            ## Published figures

            Other models, other data: an order of magnitude, not a baseline.

            | model | transcoder | L0 | MSE | agreement | completeness | replacement | path |
            |---|---|---:|---:|---:|---:|---:|---:|
            | 18 layers (Ameisen et al. 2025) | CLT, 10 M features | 88 | 0.115 | 0.50 | 0.80 | 0.61 | 2.3 |
            | | PLT | – | – | – | 0.78 | 0.37 | 3.7 |
            | GPT-2 small | CLT JumpReLU | 58 | 0.409 | – | – | 0.703 | – |
            | | CLT JumpReLU | 198 | 0.301 | – | – | 0.780 | – |
            | | CLT TopK | 46 | 0.407 | – | – | 0.676 | – |
            | | incremental CLT | 183 | – | – | – | 0.729 | – |
            | | PLT JumpReLU | 87 | 0.469 | – | – | 0.633 | – |
            | | PLT TopK | 91 | 0.459 | – | – | 0.651 | – |
            """;

    private ReportText() {}

    static String text(EvaluationReport report) {
        StringJoiner sections = new StringJoiner("\n");
        sections.add("# Evaluation of transcoders of " + report.model().name() + "\n");
        sections.add(what(report));
        sections.add(HOW);
        if (!report.shipped().isEmpty()) {
            sections.add("## What ships\n");
            sections.add(ReportTable.points(report.shipped()));
            report.shipped().forEach(point -> sections.add(shipped(point)));
        }
        for (EvaluationPoint.Kind kind : EvaluationPoint.Kind.values()) {
            List<EvaluationPoint> points = report.points().stream()
                    .filter(point -> point.kind() == kind)
                    .toList();
            if (!points.isEmpty()) {
                sections.add("## " + capitalised(kind.label()) + "\n\n" + capitalised(kind.description()) + ".\n");
                sections.add(ReportTable.points(points));
            }
        }
        sections.add(comparisons(Comparison.of(Curve.of(report.points()))));
        sections.add(charts(report));
        sections.add(PUBLISHED);
        sections.add("## The model\n");
        sections.add(ReportTable.tasks(report.model()));
        sections.add("## Transcoders\n");
        sections.add(ReportTable.scans(report.provenance()));
        return sections.toString();
    }

    private static String what(EvaluationReport report) {
        EvaluatedModel model = report.model();
        EvaluationProvenance provenance = report.provenance();
        return String.format(
                Locale.ROOT,
                """
                Model: %d layers, width %d, %,d parameters, hash `%s`. Documents: %s split, at most %d a group,
                at most %d graphs a group. Transcoders trained with seed %d. Measured by version %s.
                The same figures are in `evaluation.json` and `evaluation.csv`.
                """,
                model.layers(),
                model.width(),
                model.parameters(),
                model.hash(),
                provenance.split(),
                provenance.promptsPerGroup(),
                provenance.graphsPerGroup(),
                provenance.seed(),
                provenance.code().version());
    }

    private static String shipped(EvaluationPoint point) {
        EvaluationFigures figures = point.figures();
        return String.format(
                Locale.ROOT,
                """
                ### %s

                %,d documents with %,d tokens; %s

                %s
                %s""",
                point.name(),
                figures.documents(),
                figures.tokens(),
                graphs(figures.graphs()),
                ReportTable.groups(figures.byGroup()),
                ReportTable.layers(figures.byLayer()));
    }

    private static String graphs(EvaluationFigures.GraphSizes graphs) {
        return graphs.prompts() == 0
                ? "no graphs."
                : String.format(
                        Locale.ROOT,
                        "%,d graphs of %s features and %s edges on average, conservation error at most %.1e.",
                        graphs.prompts(),
                        Decimals.fixed(graphs.activeFeatures(), 0),
                        Decimals.fixed(graphs.edges(), 0),
                        graphs.conservationError());
    }

    private static String comparisons(List<Comparison> comparisons) {
        if (comparisons.isEmpty()) {
            return "## Who is better at equal L0\n\nNo two curves share a range of L0.\n";
        }
        return """
                ## Who is better at equal L0

                Curves are interpolated linearly in log L0 over the range that both cover, and compared at its ends and at every
                measured point inside. A cell says at how many of these points the first and the second are strictly better, and
                their means. Equal L0 is not equal cost: the tables above have the parameters.

                %s
                %s
                """.formatted(
                        ReportTable.comparisons(comparisons),
                        comparisons.stream().map(ReportText::verdict).collect(Collectors.joining("\n")));
    }

    private static String verdict(Comparison comparison) {
        String first = comparison.first().label();
        String second = comparison.second().label();
        return comparison
                .dominant()
                .map(winner -> String.format(
                        Locale.ROOT,
                        "- **Pareto improvement: %s over %s**, better in all four at each of %d points.",
                        winner.label(),
                        winner.equals(comparison.first()) ? second : first,
                        comparison.l0().size()))
                .orElseGet(() -> "- " + first + " and " + second + ": " + leads(comparison) + ".");
    }

    /** Who leads where, when nobody leads everywhere. */
    private static String leads(Comparison comparison) {
        if (comparison.l0().size() < Comparison.LEAST_POINTS) {
            return "too few points to tell";
        }
        return comparison.metrics().stream()
                .map(standing -> standing.metric().label() + " "
                        + comparison
                                .leader(standing)
                                .map(curve -> "better with " + curve.label())
                                .orElse("undecided"))
                .collect(Collectors.joining(", ", "neither is better in everything: ", ""));
    }

    private static String charts(EvaluationReport report) {
        return report.charts().stream()
                .map(metric -> "![" + capitalised(metric.label()) + " against L0](" + metric.fileName() + ")\n")
                .collect(Collectors.joining("\n", "## Charts\n\n", ""));
    }

    private static String capitalised(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
