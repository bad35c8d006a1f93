package io.circuitstream.training.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Points of one kind and one number of features, ascending by L0.
 *
 * @param label the kind, with the number of features where the kind comes with several
 */
record Curve(EvaluationPoint.Kind kind, int features, String label, List<EvaluationPoint> points) {

    private static final Comparator<EvaluationPoint> BY_L0 = Comparator.comparingDouble(
                    (EvaluationPoint point) -> point.figures().l0())
            .thenComparing(EvaluationPoint::name);

    /** By kind, then by number of features. */
    static List<Curve> of(List<EvaluationPoint> points) {
        List<Curve> curves = new ArrayList<>();
        for (EvaluationPoint.Kind kind : EvaluationPoint.Kind.values()) {
            Map<Integer, List<EvaluationPoint>> bySize = new TreeMap<>();
            for (EvaluationPoint point : points) {
                if (point.kind() == kind) {
                    bySize.computeIfAbsent(point.figures().features(), size -> new ArrayList<>())
                            .add(point);
                }
            }
            bySize.forEach((features, some) -> curves.add(new Curve(
                    kind,
                    features,
                    bySize.size() == 1 ? kind.label() : kind.label() + " of " + Decimals.whole(features) + " features",
                    some.stream().sorted(BY_L0).toList())));
        }
        return List.copyOf(curves);
    }

    double firstL0() {
        return points.get(0).figures().l0();
    }

    double lastL0() {
        return points.get(points.size() - 1).figures().l0();
    }

    /** Linear in log L0 between the two points around; {@code l0} lies between the first and the last. */
    double at(double l0, Metric metric) {
        int above = 0;
        while (above < points.size() - 1 && points.get(above).figures().l0() < l0) {
            above++;
        }
        EvaluationFigures high = points.get(above).figures();
        EvaluationFigures low = points.get(Math.max(0, above - 1)).figures();
        if (high.l0() <= low.l0()) {
            return metric.of(high);
        }
        double share = StrictMath.log(l0 / low.l0()) / StrictMath.log(high.l0() / low.l0());
        return (1 - share) * metric.of(low) + share * metric.of(high);
    }
}
