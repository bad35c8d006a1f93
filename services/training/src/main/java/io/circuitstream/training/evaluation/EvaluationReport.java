package io.circuitstream.training.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The figures of an evaluation and what is written from them. JSON, CSV and Markdown are the same bytes for the same
 * contents, in whatever order the points were given; the charts' pixels also depend on the fonts of the machine.
 *
 * @param points sorted by kind, number of features and L0
 * @param shipped those that come with the model, sorted alike; names are unique over both lists
 */
public record EvaluationReport(
        EvaluationProvenance provenance,
        EvaluatedModel model,
        List<EvaluationPoint> points,
        List<EvaluationPoint> shipped) {

    private static final Comparator<EvaluationPoint> ORDER = Comparator.comparing(EvaluationPoint::kind)
            .thenComparingInt(point -> point.figures().features())
            .thenComparingDouble(point -> point.figures().l0())
            .thenComparing(EvaluationPoint::name);

    public EvaluationReport {
        points = points.stream().sorted(ORDER).toList();
        shipped = shipped.stream().sorted(ORDER).toList();
        List<EvaluationPoint> all = new ArrayList<>(points);
        all.addAll(shipped);
        if (all.stream().map(EvaluationPoint::name).distinct().count() < all.size()) {
            throw new IllegalArgumentException("two points have the same name: "
                    + all.stream().map(EvaluationPoint::name).sorted().toList());
        }
    }

    /** {@code evaluation.json}, also what {@code evaluate --json} prints. */
    public String json() {
        return ReportJson.text(this);
    }

    /** Writes JSON, CSV, README.md, then the charts. @throws IOException also when this machine has no font to draw with */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("evaluation.json"), json());
        Files.writeString(folder.resolve("evaluation.csv"), ReportCsv.text(this));
        Files.writeString(folder.resolve("README.md"), ReportText.text(this));
        for (Metric metric : charts()) {
            Files.write(folder.resolve(metric.fileName()), CurveChart.png(metric, Curve.of(points), shipped));
        }
    }

    /** What at least one point can be drawn of. */
    List<Metric> charts() {
        return Stream.of(Metric.values())
                .filter(metric -> Stream.of(points, shipped)
                        .flatMap(List::stream)
                        .anyMatch(point -> CurveChart.canDraw(metric, point)))
                .toList();
    }
}
