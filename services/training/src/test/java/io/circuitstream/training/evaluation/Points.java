package io.circuitstream.training.evaluation;

import io.circuitstream.platform.provenance.CodeVersion;
import io.circuitstream.training.evaluation.EvaluationPoint.Kind;
import java.util.List;
import java.util.Map;

/** Made-up points, of one layer and one group. */
final class Points {
    private static final int DOCUMENTS = 40;

    private Points() {}

    /**
     * A point whose other figures follow from these.
     *
     * @param quality the agreement on answers; scores are a tenth below it
     */
    static EvaluationPoint of(Kind kind, String name, double l0, double normalisedMse, double quality) {
        return of(kind, name, l0, normalisedMse, quality, quality - .1);
    }

    static EvaluationPoint of(
            Kind kind, String name, double l0, double normalisedMse, double agreement, double replacement) {
        return new EvaluationPoint(
                kind, name, Math.round(l0), figures(l0, normalisedMse, agreement, replacement, 2048, 20));
    }

    /** The same with another number of features. */
    static EvaluationPoint wide(Kind kind, String name, double l0, double normalisedMse, double quality) {
        return new EvaluationPoint(
                kind, name, Math.round(l0), figures(l0, normalisedMse, quality, quality - .1, 4096, 20));
    }

    static EvaluationPoint withoutGraphs(Kind kind, String name, double l0) {
        return new EvaluationPoint(kind, name, Double.NaN, figures(l0, .01, .9, Double.NaN, 2048, 0));
    }

    static EvaluationReport report(List<EvaluationPoint> points, List<EvaluationPoint> shipped) {
        return new EvaluationReport(
                new EvaluationProvenance(
                        new CodeVersion("0.1.0", "f00d"),
                        "development",
                        20,
                        10,
                        7,
                        Map.of("plt-20", "c0ffee", "clt-20", "beef")),
                new EvaluatedModel(
                        "tiny",
                        "0123abcd",
                        2,
                        16,
                        12_345,
                        List.of(
                                new EvaluatedModel.TaskAccuracy("two-hop", .98, 50),
                                new EvaluatedModel.TaskAccuracy("addition", 1, 200))),
                points,
                shipped);
    }

    private static EvaluationFigures figures(
            double l0, double normalisedMse, double agreement, double replacement, int features, int graphs) {
        EvaluationFigures.GraphSizes sizes = new EvaluationFigures.GraphSizes(
                graphs, graphs == 0 ? Double.NaN : 9 * l0, graphs == 0 ? Double.NaN : 1000 * l0, 3.25e-7);
        double pathLength = 2 + replacement / 2;
        EvaluationFigures.GroupFigures group = new EvaluationFigures.GroupFigures(
                "addition",
                agreement - .02,
                agreement,
                1 - agreement,
                1.5 - agreement,
                replacement,
                replacement + .05,
                pathLength,
                DOCUMENTS / 2,
                200,
                sizes);
        EvaluationFigures.LayerFigures layer =
                new EvaluationFigures.LayerFigures(0, l0 / 2, normalisedMse, 1 - normalisedMse, .125, features / 2);
        return new EvaluationFigures(
                l0,
                normalisedMse,
                1 - normalisedMse / 2,
                agreement - .02,
                agreement,
                1 - agreement,
                1.5 - agreement,
                replacement,
                replacement + .05,
                pathLength,
                .0625,
                features,
                features * 33L,
                DOCUMENTS,
                400,
                sizes,
                List.of(layer),
                List.of(group));
    }
}
