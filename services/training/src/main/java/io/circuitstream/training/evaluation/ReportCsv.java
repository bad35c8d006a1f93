package io.circuitstream.training.evaluation;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code evaluation.csv}: a line for every point and every transcoder that ships. Six significant digits, NaN is empty. */
final class ReportCsv {
    private static final String HEADER = "set,kind,name,targetL0,l0,normalisedMse,explainedVariance,top1Agreement,"
            + "top1AgreementAnswers,klDivergence,klDivergenceAnswers,replacementScore,completenessScore,pathLength,"
            + "deadFraction,features,parameters,documents,tokens,graphs,activeFeatures,edges,conservationError";

    private ReportCsv() {}

    static String text(EvaluationReport report) {
        return Stream.of(Stream.of(HEADER), lines("points", report.points()), lines("shipped", report.shipped()))
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static Stream<String> lines(String set, List<EvaluationPoint> points) {
        return points.stream().map(point -> line(set, point));
    }

    private static String line(String set, EvaluationPoint point) {
        EvaluationFigures f = point.figures();
        String figures = Stream.of(
                        point.targetL0(),
                        f.l0(),
                        f.normalisedMse(),
                        f.explainedVariance(),
                        f.top1Agreement(),
                        f.top1AgreementAnswers(),
                        f.klDivergence(),
                        f.klDivergenceAnswers(),
                        f.replacementScore(),
                        f.completenessScore(),
                        f.pathLength(),
                        f.deadFraction())
                .map(Decimals::plain)
                .collect(Collectors.joining(","));
        return String.join(
                ",",
                set,
                point.kind().id(),
                quoted(point.name()),
                figures,
                "" + f.features(),
                "" + f.parameters(),
                "" + f.documents(),
                "" + f.tokens(),
                "" + f.graphs().prompts(),
                Decimals.plain(f.graphs().activeFeatures()),
                Decimals.plain(f.graphs().edges()),
                Decimals.plain(f.graphs().conservationError()));
    }

    private static String quoted(String name) {
        return name.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n')
                ? '"' + name.replace("\"", "\"\"") + '"'
                : name;
    }
}
