package io.circuitstream.training.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Markdown tables. */
final class ReportTable {
    private ReportTable() {}

    static String points(List<EvaluationPoint> points) {
        return table(
                "| name | features | parameters | L0 | NMSE | EV | agreement answers / all | KL answers / all | replacement | completeness | path | dead |",
                1,
                points.stream().map(point -> {
                    EvaluationFigures f = point.figures();
                    return row(
                            point.name(),
                            Decimals.whole(f.features()),
                            Decimals.whole(f.parameters()),
                            Decimals.fixed(f.l0(), 1),
                            Decimals.fixed(f.normalisedMse(), 4),
                            Decimals.fixed(f.explainedVariance(), 4),
                            pair(f.top1AgreementAnswers(), f.top1Agreement()),
                            pair(f.klDivergenceAnswers(), f.klDivergence()),
                            Decimals.fixed(f.replacementScore(), 3),
                            Decimals.fixed(f.completenessScore(), 3),
                            Decimals.fixed(f.pathLength(), 2),
                            Decimals.fixed(f.deadFraction(), 3));
                }));
    }

    static String groups(List<EvaluationFigures.GroupFigures> groups) {
        return table(
                "| family | documents | agreement answers / all | KL answers / all | graphs | replacement | completeness | path | active features | edges |",
                1,
                groups.stream()
                        .map(group -> row(
                                group.group().isEmpty() ? "–" : group.group(),
                                Decimals.whole(group.documents()),
                                pair(group.top1AgreementAnswers(), group.top1Agreement()),
                                pair(group.klDivergenceAnswers(), group.klDivergence()),
                                Decimals.whole(group.graphs().prompts()),
                                Decimals.fixed(group.replacementScore(), 3),
                                Decimals.fixed(group.completenessScore(), 3),
                                Decimals.fixed(group.pathLength(), 2),
                                Decimals.fixed(group.graphs().activeFeatures(), 0),
                                Decimals.fixed(group.graphs().edges(), 0))));
    }

    static String layers(List<EvaluationFigures.LayerFigures> layers) {
        return table(
                "| layer | features | L0 | NMSE | dead |",
                0,
                layers.stream()
                        .map(layer -> row(
                                Decimals.whole(layer.layer()),
                                Decimals.whole(layer.features()),
                                Decimals.fixed(layer.l0(), 1),
                                Decimals.fixed(layer.normalisedMse(), 4),
                                Decimals.fixed(layer.deadFraction(), 3))));
    }

    static String comparisons(List<Comparison> comparisons) {
        return table(
                "| first | second | L0 | points | NMSE | agreement answers | replacement | completeness |",
                2,
                comparisons.stream().map(ReportTable::comparison));
    }

    private static String comparison(Comparison comparison) {
        int points = comparison.l0().size();
        String range = Decimals.fixed(comparison.l0().get(0), 1) + " to "
                + Decimals.fixed(comparison.l0().get(points - 1), 1);
        Stream<String> standings = comparison.metrics().stream()
                .map(standing -> standing.firstBetter() + " : " + standing.secondBetter() + " ("
                        + pair(standing.firstMean(), standing.secondMean()) + ")");
        return row(Stream.concat(
                        Stream.of(
                                comparison.first().label(), comparison.second().label(), range, "" + points),
                        standings)
                .toArray(String[]::new));
    }

    static String tasks(EvaluatedModel model) {
        return table(
                "| task | prompts | exact answers |",
                1,
                model.tasks().stream()
                        .map(task -> row(
                                task.task(),
                                Decimals.whole(task.prompts()),
                                Decimals.fixed(task.heldOutAccuracy(), 3))));
    }

    static String scans(EvaluationProvenance provenance) {
        return table(
                "| name | scan |", 2, provenance.scans().entrySet().stream().map(ReportTable::scan));
    }

    private static String scan(Map.Entry<String, String> scan) {
        return row(scan.getKey(), "`" + scan.getValue() + "`");
    }

    /** @param left columns that are aligned left; the rest are numbers */
    private static String table(String header, long left, Stream<String> rows) {
        long columns = header.chars().filter(c -> c == '|').count() - 1;
        StringJoiner alignment = new StringJoiner("|", "|", "|");
        for (long i = 0; i < columns; i++) {
            alignment.add(i < left ? "---" : "---:");
        }
        return Stream.concat(Stream.of(header, alignment.toString()), rows).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    private static String pair(double one, double other) {
        return String.format(Locale.ROOT, "%s / %s", Decimals.fixed(one, 4), Decimals.fixed(other, 4));
    }
}
