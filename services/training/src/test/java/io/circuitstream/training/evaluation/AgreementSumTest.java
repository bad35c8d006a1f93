package io.circuitstream.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AgreementSumTest {

    @Test
    void shouldYieldTheDivergenceOfTwoCoinsWhenItIsKnown() {
        AgreementSum sum = new AgreementSum();

        sum.add(new float[] {0, 0}, new float[] {(float) Math.log(3), 0});

        assertThat(sum.klDivergence()).isEqualTo(.5 * Math.log(.5 / .75) + .5 * Math.log(.5 / .25), within(1e-7));
    }

    /** Softmax does not change when every logit grows by the same; its naive exponentials would overflow. */
    @Test
    void shouldNotDivergeWhenLogitsDifferByAConstant() {
        AgreementSum sum = new AgreementSum();

        sum.add(new float[] {1, 2, 3}, new float[] {1001, 1002, 1003});

        assertThat(sum.klDivergence()).isEqualTo(0, within(1e-12));
        assertThat(sum.top1()).isEqualTo(1);
    }

    @Test
    void shouldTakeTheFirstTokenWhenSeveralAreEquallyProbable() {
        AgreementSum sum = new AgreementSum();

        sum.add(new float[] {2, 2, 0}, new float[] {3, 1, 0});
        sum.add(new float[] {2, 2, 0}, new float[] {4, 1, 0});
        sum.add(new float[] {2, 2, 0}, new float[] {1, 3, 0});

        assertThat(sum.top1()).isEqualTo(2. / 3);
        assertThat(sum.positions()).isEqualTo(3);
    }
}
