package io.circuitstream.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.training.evaluation.EvaluationPoint.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    @Test
    void shouldInterpolateInLogL0WhenAPointLiesBetween() {
        Curve curve = curve(
                Points.of(Kind.CLT, "b", 90, .02, .9),
                Points.of(Kind.CLT, "a", 10, .08, .7),
                Points.of(Kind.CLT, "c", 100, .01, .95));

        // 30 is the geometric mean of 10 and 90.
        assertThat(curve.at(30, Metric.NORMALISED_MSE)).isEqualTo(.05, within(1e-12));
        assertThat(curve.at(30, Metric.AGREEMENT_ANSWERS)).isEqualTo(.8, within(1e-12));
        assertThat(curve.at(10, Metric.NORMALISED_MSE)).isEqualTo(.08);
        assertThat(curve.at(90, Metric.NORMALISED_MSE)).isEqualTo(.02);
        assertThat(curve.at(100, Metric.NORMALISED_MSE)).isEqualTo(.01);
    }

    @Test
    void shouldCompareAtTheEndsAndThePointsBetweenWhenRangesOverlap() {
        Comparison comparison = compare(
                List.of(
                        Points.of(Kind.CLT, "c1", 10, .1, .8),
                        Points.of(Kind.CLT, "c2", 40, .05, .9),
                        Points.of(Kind.CLT, "c3", 80, .02, .95)),
                List.of(
                        Points.of(Kind.PLT, "p1", 20, .1, .8),
                        Points.of(Kind.PLT, "p2", 60, .05, .9),
                        Points.of(Kind.PLT, "p3", 160, .02, .95)));

        assertThat(comparison.l0()).containsExactly(20., 40., 60., 80.);
    }

    @Test
    void shouldNameTheWinnerWhenItIsBetterEverywhere() {
        List<EvaluationPoint> better =
                List.of(Points.of(Kind.CLT, "c1", 20, .02, .95), Points.of(Kind.CLT, "c2", 80, .01, .99));
        List<EvaluationPoint> worse =
                List.of(Points.of(Kind.PLT, "p1", 25, .05, .9), Points.of(Kind.PLT, "p2", 90, .03, .94));

        Comparison comparison = compare(better, worse);

        assertThat(comparison.dominant()).map(Curve::kind).contains(Kind.CLT);
        assertThat(comparison.metrics()).allSatisfy(standing -> {
            assertThat(standing.firstBetter()).isEqualTo(2);
            assertThat(standing.secondBetter()).isZero();
        });
        assertThat(compare(worse, better).dominant()).map(Curve::kind).contains(Kind.CLT);
    }

    @Test
    void shouldNameNoWinnerWhenOneMetricIsTheOthers() {
        Comparison comparison = compare(
                List.of(Points.of(Kind.CLT, "c1", 20, .02, .95, .4), Points.of(Kind.CLT, "c2", 80, .01, .99, .5)),
                List.of(Points.of(Kind.PLT, "p1", 20, .05, .9, .6), Points.of(Kind.PLT, "p2", 80, .03, .94, .7)));

        assertThat(comparison.dominant()).isEmpty();
        assertThat(comparison.metrics())
                .extracting(
                        standing -> comparison.leader(standing).map(Curve::kind).orElseThrow())
                .containsExactly(Kind.CLT, Kind.CLT, Kind.PLT, Kind.PLT);
    }

    @Test
    void shouldNameNoWinnerWhenTheyAreEqualAtOnePoint() {
        Comparison comparison = compare(
                List.of(Points.of(Kind.CLT, "c1", 20, .02, .95), Points.of(Kind.CLT, "c2", 80, .01, .99)),
                List.of(Points.of(Kind.PLT, "p1", 20, .05, .9), Points.of(Kind.PLT, "p2", 80, .01, .99)));

        assertThat(comparison.dominant()).isEmpty();
        assertThat(comparison.metrics())
                .allSatisfy(standing -> assertThat(standing.firstBetter()).isEqualTo(1));
    }

    @Test
    void shouldNameNoWinnerWhenOnlyOneL0IsCommon() {
        Comparison comparison = compare(
                List.of(Points.of(Kind.CLT, "c1", 20, .02, .95), Points.of(Kind.CLT, "c2", 80, .01, .99)),
                List.of(Points.of(Kind.PLT, "p1", 40, .5, .4)));

        assertThat(comparison.l0()).containsExactly(40.);
        assertThat(comparison.dominant()).isEmpty();
    }

    @Test
    void shouldNameNoWinnerWhenAScoreIsUnknown() {
        Comparison comparison = compare(
                List.of(Points.of(Kind.CLT, "c1", 20, .001, .95), Points.of(Kind.CLT, "c2", 80, .001, .99)),
                List.of(Points.withoutGraphs(Kind.PLT, "p1", 20), Points.withoutGraphs(Kind.PLT, "p2", 80)));

        assertThat(comparison.dominant()).isEmpty();
    }

    @Test
    void shouldBeEmptyWhenRangesDoNotMeet() {
        assertThat(Comparison.between(
                        curve(Points.of(Kind.CLT, "c", 20, .02, .95)), curve(Points.of(Kind.PLT, "p", 30, .02, .95))))
                .isEmpty();
    }

    @Test
    void shouldKeepSizesApartWhenAKindComesWithSeveral() {
        List<Curve> curves = Curve.of(List.of(
                Points.wide(Kind.PLT, "wide", 20, .02, .95),
                Points.of(Kind.PLT, "narrow", 20, .02, .95),
                Points.of(Kind.CLT, "c", 20, .02, .95)));

        assertThat(curves)
                .extracting(Curve::label)
                .containsExactly("CLT", "PLT of 2,048 features", "PLT of 4,096 features");
    }

    private static Comparison compare(List<EvaluationPoint> first, List<EvaluationPoint> second) {
        return Comparison.between(Curve.of(first).get(0), Curve.of(second).get(0))
                .orElseThrow();
    }

    private static Curve curve(EvaluationPoint... points) {
        return Curve.of(List.of(points)).get(0);
    }
}
