package io.circuitstream.training.perturbation;

import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** The report as Markdown. */
public final class PerturbationText {

    private PerturbationText() {}

    public static String of(PerturbationReport report) {
        StringBuilder text = new StringBuilder(how(report));
        text.append("| predictor | measured | mean | 95 % |\n|---|---|---:|---:|\n");
        report.metrics()
                .forEach((metric, interval) -> text.append(String.format(
                        Locale.ROOT, "| %s | %s | %s |\n", metric.predictor(), metric.measured(), cells(interval))));
        text.append(String.format(
                Locale.ROOT,
                "\nWith everything frozen the effect equals the edge to %.0e logits. Ablating a feature moves the"
                        + " next token's distribution %.1f times (%.1f to %.1f) as far as a random direction of the same"
                        + " layers and norm.\n\n",
                report.worstDirectError(),
                report.featureToControl().mean(),
                report.featureToControl().low(),
                report.featureToControl().high()));
        text.append(
                "## By depth\n\nCosine of predicted (frozen graph) and measured changes of all features so many layers above"
                        + " the ablated one.\n\n| layers | mean | 95 % |\n|---:|---:|---:|\n");
        report.cosineByDepth()
                .forEach((depth, interval) ->
                        text.append(String.format(Locale.ROOT, "| %d | %s |\n", depth, cells(interval))));
        text.append("\n## By task\n\n").append(tasks(report));
        return text.toString();
    }

    private static String how(PerturbationReport report) {
        return """
            # Predicted against measured interventions

            Each prompt is traced up to its answer; its %d most influential features are set to 0, one after the other. A figure is
            Spearman's rank correlation over a prompt's features of what was predicted and what was measured, mean over the
            prompts with a 95 %% confidence interval (prompts drawn again with replacement).

            - **Frozen graph**: minus the signed total effect along the attribution graph, all gates, patterns and norms fixed. It
              predicts well where attention and norms are frozen indeed, and poorly in the model: frozen norms are most of the
              difference.
            - **Replacement model encoding anew**: features are computed again layer by layer, errors stay.
            - **Model's gradient**: the feature's decoder against the model's own gradient, one pass down for all features. It is the
              best predictor and stands beside the frozen graph in every claim of a validation report; it does not go through
              features, so it says nothing of the circuit between.
            - **Own layer**: the feature's part is taken away at its own layer only; **every written layer**: also where a
              cross-layer feature writes further up, which over-counts, because later MLPs respond too.

            Model `%s`, transcoder `%s`; %d prompts of the %s split.

            """.formatted(report.features(), report.model(), report.scan(), report.prompts(), report.split());
    }

    private static String cells(Interval interval) {
        return String.format(Locale.ROOT, "%.3f | %.3f to %.3f", interval.mean(), interval.low(), interval.high());
    }

    private static String tasks(PerturbationReport report) {
        Metric[] columns = {
            Metric.FROZEN_NORMS,
            Metric.FROZEN_OWN,
            Metric.ITERATIVE_OWN,
            Metric.GRADIENT_OWN,
            Metric.FEATURE_INFLUENCE_FROZEN
        };
        StringBuilder text =
                new StringBuilder("| task | frozen graph, norms frozen | frozen graph, model | encoding anew,"
                        + " model | gradient, model | feature to feature, frozen |\n|---|---:|---:|---:|---:|---:|\n");
        for (Map.Entry<String, Map<Metric, Double>> task : report.tasks().entrySet()) {
            StringJoiner row = new StringJoiner(" | ", "| " + task.getKey() + " | ", " |\n");
            for (Metric metric : columns) {
                row.add(String.format(Locale.ROOT, "%.3f", task.getValue().get(metric)));
            }
            text.append(row);
        }
        return text.toString();
    }
}
