package io.circuitstream.circuits.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.validation.Claims.Ground;
import io.circuitstream.circuits.validation.Claims.Measurement;
import io.circuitstream.circuits.validation.Claims.Trust;
import io.circuitstream.circuits.validation.Claims.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimsTest {
    private static Measurement measured(double predicted, double own, double all, Double... controls) {
        return new Measurement(predicted, own, all, List.of(controls));
    }

    @ParameterizedTest
    @CsvSource({
        "1, .5, .5, .1, CONFIRMED",
        "-1, -.5, -.5, .1, CONFIRMED",
        "1, .25, .25, .1, CONFIRMED",
        "1, .24, .5, .1, INCONCLUSIVE",
        "1, .5, .24, .1, INCONCLUSIVE",
        "1, .5, .5, .5, INCONCLUSIVE",
        "1, .5, .5, -.6, INCONCLUSIVE",
        "1, -.5, .5, .1, INCONCLUSIVE",
        "1, -.2, -.2, .1, REFUTED",
        "-1, .2, .2, -.1, REFUTED",
        "1, -.2, -.2, .2, INCONCLUSIVE",
        "1, -.2, -.2, -.3, INCONCLUSIVE",
        "1, -.2, -.1, .15, INCONCLUSIVE",
        "0, .5, .5, .1, INCONCLUSIVE",
        "1, 0, 0, 0, INCONCLUSIVE"
    })
    void shouldFollowBothMeasurementsWhenAVerdictIsGiven(
            double predicted, double own, double all, double control, Verdict verdict) {
        assertThat(measured(predicted, own, all, 0., control, 0.).verdict()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, UNTESTED",
        "1, 0, 0, SUPPORTED",
        "1, 0, 1, SUPPORTED",
        "1, 0, 2, MIXED",
        "3, 1, 0, MIXED",
        "1, 1, 0, MIXED",
        "1, 2, 5, UNSUPPORTED",
        "0, 1, 0, UNSUPPORTED",
        "0, 0, 1, MIXED"
    })
    void shouldWeighConfirmedAgainstRefutedWhenTrustIsGiven(int confirmed, int refuted, int open, Trust trust) {
        List<Measurement> all = new ArrayList<>();
        for (int i = 0; i < confirmed; i++) {
            all.add(measured(1, 1, 1, 0.));
        }
        for (int i = 0; i < refuted; i++) {
            all.add(measured(1, -1, -1, 0.));
        }
        for (int i = 0; i < open; i++) {
            all.add(measured(1, 1, -1, 0.));
        }
        assertThat(Claims.trust(all, new Ground(.5, true))).isEqualTo(trust);
        assertThat(Claims.count(all, Verdict.CONFIRMED)).isEqualTo(confirmed);
        assertThat(Claims.count(all, Verdict.REFUTED)).isEqualTo(refuted);
        assertThat(Claims.count(all, Verdict.INCONCLUSIVE)).isEqualTo(open);
    }

    @ParameterizedTest
    @CsvSource({".5, true, SUPPORTED", ".49, true, MIXED", ".9, false, MIXED"})
    void shouldNotSupportACircuitWhenItsGroundIsWeak(double completeness, boolean agrees, Trust trust) {
        assertThat(Claims.trust(List.of(measured(1, 1, 1, 0.)), new Ground(completeness, agrees)))
                .isEqualTo(trust);
    }

    @Test
    void shouldCompareDirectionsWhenACosineIsTaken() {
        assertThat(Correlation.cosine(new double[] {3, 4}, new double[] {4, 3}).orElseThrow())
                .isCloseTo(.96, within(1e-12));
        assertThat(Correlation.cosine(new double[] {0, 0}, new double[] {4, 3})).isEmpty();
    }

    @Test
    void shouldUseMeanRanksWhenValuesTie() {
        // Ranks 1.5, 1.5, 3, 4 against 1, 2.5, 2.5, 4: 3.75 / 4.5.
        assertThat(Correlation.spearman(new double[] {1, 1, 2, 3}, new double[] {1, 2, 2, 9})
                        .orElseThrow())
                .isCloseTo(3.75 / 4.5, within(1e-12));
        assertThat(Correlation.spearman(new double[] {3, 1, 2}, new double[] {9, -4, 0}))
                .hasValue(1);
        assertThat(Correlation.spearman(new double[] {3, 1, 2}, new double[] {-9, 4, 0}))
                .hasValue(-1);
    }

    @Test
    void shouldHaveNoCorrelationWhenThereIsNothingToRank() {
        assertThat(Correlation.spearman(new double[] {1, 2}, new double[] {1, 2}))
                .isEmpty();
        assertThat(Correlation.spearman(new double[] {1, 1, 1}, new double[] {1, 2, 3}))
                .isEmpty();
        assertThat(Correlation.spearman(new double[] {1, 2, 3}, new double[] {1, 1, 1}))
                .isEmpty();
    }
}
