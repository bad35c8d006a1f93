package io.circuitstream.audit.behaviour.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.audit.behaviour.digest.Edge;
import io.circuitstream.events.DriftMeasure;
import io.circuitstream.events.DriftMeasurement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DriftTest {
    private static final int SUBJECTS = 6;
    private static final int OF_SUBJECT = 20;

    @Test
    void shouldBeWhatIsComputedByHand() {
        // p = (½, ½), q = (1, 0), m = (¾, ¼): ½·(½·log₂⅔ + ½·log₂2) + ½·log₂(4/3) = ½·.2075187 + ½·.4150375.
        assertThat(JensenShannon.bits(new int[] {1, 1}, new int[] {1, 0})).isCloseTo(.311278124459, within(1e-12));
        assertThat(JensenShannon.bits(new int[] {3, 0}, new int[] {2, 2})).isCloseTo(.311278124459, within(1e-12));
    }

    @Test
    void shouldBeZeroWhenEqualAndOneWhenDisjoint() {
        assertThat(JensenShannon.bits(new int[] {1, 2, 0}, new int[] {2, 4, 0})).isZero();
        assertThat(JensenShannon.bits(new int[] {3, 0, 1}, new int[] {0, 7, 0})).isEqualTo(1);
        int[] many = new int[97];
        int[] others = new int[97];
        java.util.Arrays.fill(many, 0, 48, 1);
        java.util.Arrays.fill(others, 48, 97, 1);
        assertThat(JensenShannon.bits(many, others)).isEqualTo(1);
        assertThatThrownBy(() -> JensenShannon.bits(new int[2], new int[] {1, 0}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldNotDependOnWhichIsFirst() {
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            int[] a = random.ints(10, 0, 5).toArray();
            int[] b = random.ints(10, 0, 5).toArray();
            a[0]++;
            b[1]++;
            assertThat(JensenShannon.bits(a, b))
                    .isEqualTo(JensenShannon.bits(b, a))
                    .isBetween(0., 1.);
        }
    }

    /**
     * Circuits of one subject share features: exchanging single features would call every difference in subjects a drift. Under no change
     * at most a share u of the p-values may be u or less.
     */
    @Test
    void shouldGiveUniformPValuesWhenNothingChanged() {
        int trials = 400;
        List<Double> features = new ArrayList<>();
        List<Double> completeness = new ArrayList<>();
        for (int t = 0; t < trials; t++) {
            Random random = new Random(1_000 + t);
            List<DriftMeasurement> drift = Drift.between(units(30, 0, random), units(40, 0, random), 99, t);
            features.add(of(drift, DriftMeasure.FEATURES).getPValue());
            completeness.add(of(drift, DriftMeasure.COMPLETENESS).getPValue());
        }
        for (double u : new double[] {.05, .2, .5, .8}) {
            double four = 4 * Math.sqrt(u * (1 - u) / trials);
            assertThat(share(features, u)).as("features, %s", u).isBetween(u - four, u + four);
            assertThat(share(completeness, u)).as("completeness, %s", u).isLessThan(u + four);
        }
    }

    private static double share(List<Double> values, double until) {
        return values.stream().filter(v -> v <= until).count() / (double) values.size();
    }

    @Test
    void shouldGiveSmallPValuesWhenHalfOfTheFeaturesChanged() {
        for (int t = 0; t < 20; t++) {
            Random random = new Random(t);
            List<DriftMeasurement> drift = Drift.between(units(40, 0, random), units(40, SUBJECTS / 2, random), 199, t);
            for (DriftMeasure measure : List.of(DriftMeasure.FEATURES, DriftMeasure.EDGES)) {
                DriftMeasurement measured = of(drift, measure);
                assertThat(measured.getPValue()).as("%s, seed %d", measure, t).isEqualTo(1 / 200.);
                assertThat(measured.getDivergence())
                        .as("%s, seed %d", measure, t)
                        .isGreaterThan(measured.getNullQuantile95());
            }
            assertThat(of(drift, DriftMeasure.REPLACEMENT).getPValue()).isGreaterThan(1 / 200.);
        }
    }

    /** Each about one of six subjects in a row, with twelve of its twenty features. */
    private static List<CircuitUnit> units(int count, int firstSubject, Random random) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    int subject = firstSubject + random.nextInt(SUBJECTS);
                    long[] features = random.longs(0, OF_SUBJECT)
                            .distinct()
                            .limit(12)
                            .map(f -> (long) subject * OF_SUBJECT + f)
                            .toArray();
                    List<Edge> edges = random.longs(0, OF_SUBJECT)
                            .distinct()
                            .limit(12)
                            .mapToObj(f -> new Edge(subject, (long) subject * OF_SUBJECT + f))
                            .toList();
                    return new CircuitUnit(features, edges, random.nextInt(3), random.nextInt(3), -1);
                })
                .toList();
    }

    @Test
    void shouldCompareOnlyCircuitsThatHaveSomethingToCompare() {
        CircuitUnit validated = new CircuitUnit(new long[] {1}, List.of(), 9, 5, 4);
        CircuitUnit not = new CircuitUnit(new long[] {1, 2}, List.of(), 9, 5, -1);

        List<DriftMeasurement> drift = Drift.between(List.of(validated, not), List.of(not, validated, not), 19, 0);

        assertThat(drift)
                .extracting(DriftMeasurement::getMeasure)
                .containsExactly(
                        DriftMeasure.FEATURES,
                        DriftMeasure.COMPLETENESS,
                        DriftMeasure.REPLACEMENT,
                        DriftMeasure.CONFIRMED_SHARE);
        assertThat(of(drift, DriftMeasure.CONFIRMED_SHARE).getCircuits()).isEqualTo(1);
        assertThat(of(drift, DriftMeasure.FEATURES).getCircuits()).isEqualTo(3);
        assertThat(of(drift, DriftMeasure.FEATURES).getPreviousCircuits()).isEqualTo(2);
        assertThat(of(drift, DriftMeasure.FEATURES).getDistinct()).isEqualTo(2);
        // Equal distributions: no exchange is nearer.
        assertThat(of(drift, DriftMeasure.COMPLETENESS).getDivergence()).isZero();
        assertThat(of(drift, DriftMeasure.COMPLETENESS).getPValue()).isEqualTo(1);
    }

    @Test
    void shouldBeTheSameWhenTheSeedIs() {
        List<CircuitUnit> before = units(20, 0, new Random(8));
        List<CircuitUnit> now = units(25, 1, new Random(9));

        assertThat(Drift.between(before, now, 99, 5)).isEqualTo(Drift.between(before, now, 99, 5));
        assertThat(Drift.between(before, now, 99, 5)).isNotEqualTo(Drift.between(before, now, 99, 6));
        assertThat(Drift.seed("scan", 1)).isNotEqualTo(Drift.seed("scan", 2)).isNotEqualTo(Drift.seed("other", 1));
    }

    @Test
    void shouldPutScoresIntoTenths() {
        assertThat(new int[] {Tenths.of(0), Tenths.of(.0999), Tenths.of(.1), Tenths.of(.95), Tenths.of(1)})
                .containsExactly(0, 0, 1, 9, 9);
        assertThat(new int[] {Tenths.of(-1), Tenths.of(7)}).containsExactly(0, 9);
    }

    private static DriftMeasurement of(List<DriftMeasurement> drift, DriftMeasure measure) {
        return drift.stream().filter(m -> m.getMeasure() == measure).findFirst().orElseThrow();
    }
}
