package io.circuitstream.training.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Two curves at equal L0: at the ends of the range that both cover and at every measured point inside it.
 *
 * @param l0 ascending, where the two are compared
 * @param metrics in the order of {@link #COMPARED}
 */
record Comparison(Curve first, Curve second, List<Double> l0, List<Standing> metrics) {

    static final List<Metric> COMPARED = List.of(
            Metric.NORMALISED_MSE, Metric.AGREEMENT_ANSWERS, Metric.REPLACEMENT_SCORE, Metric.COMPLETENESS_SCORE);

    /** One common L0 says nothing about a curve. */
    static final int LEAST_POINTS = 2;

    /**
     * How the two stand in one metric.
     *
     * @param firstBetter at how many values of L0 the first curve is strictly better
     * @param firstMean of the interpolated values
     */
    record Standing(Metric metric, int firstBetter, int secondBetter, double firstMean, double secondMean) {}

    /** All pairs that share a range of L0. */
    static List<Comparison> of(List<Curve> curves) {
        List<Comparison> comparisons = new ArrayList<>();
        for (int i = 0; i < curves.size(); i++) {
            for (int j = i + 1; j < curves.size(); j++) {
                between(curves.get(i), curves.get(j)).ifPresent(comparisons::add);
            }
        }
        return List.copyOf(comparisons);
    }

    /** Empty when no L0 lies in both ranges. */
    static Optional<Comparison> between(Curve first, Curve second) {
        double from = Math.max(first.firstL0(), second.firstL0());
        double to = Math.min(first.lastL0(), second.lastL0());
        if (!(from <= to)) {
            return Optional.empty();
        }
        List<Double> l0 = DoubleStream.concat(
                        DoubleStream.of(from, to),
                        Stream.of(first, second)
                                .flatMap(curve -> curve.points().stream())
                                .mapToDouble(point -> point.figures().l0())
                                .filter(value -> value > from && value < to))
                .sorted()
                .distinct()
                .boxed()
                .toList();
        return Optional.of(new Comparison(
                first,
                second,
                l0,
                COMPARED.stream()
                        .map(metric -> standing(first, second, l0, metric))
                        .toList()));
    }

    private static Standing standing(Curve first, Curve second, List<Double> l0, Metric metric) {
        int firstBetter = 0;
        int secondBetter = 0;
        double firstSum = 0;
        double secondSum = 0;
        for (double value : l0) {
            double one = first.at(value, metric);
            double other = second.at(value, metric);
            firstBetter += metric.isBetter(one, other) ? 1 : 0;
            secondBetter += metric.isBetter(other, one) ? 1 : 0;
            firstSum += one;
            secondSum += other;
        }
        return new Standing(metric, firstBetter, secondBetter, firstSum / l0.size(), secondSum / l0.size());
    }

    /** The curve that is strictly better at every L0 compared, in one metric. */
    Optional<Curve> leader(Standing standing) {
        if (standing.firstBetter() == l0.size()) {
            return Optional.of(first);
        }
        return standing.secondBetter() == l0.size() ? Optional.of(second) : Optional.empty();
    }

    /** The curve that leads in every metric; empty also when there are fewer than {@link #LEAST_POINTS} values of L0. */
    Optional<Curve> dominant() {
        Optional<Curve> leader = leader(metrics.get(0));
        boolean everywhere =
                metrics.stream().allMatch(standing -> leader(standing).equals(leader));
        return everywhere && l0.size() >= LEAST_POINTS ? leader : Optional.empty();
    }
}
