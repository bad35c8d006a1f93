package io.circuitstream.training.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.circuits.model.TensorRuntime;
import org.junit.jupiter.api.Test;

class FingerprintTest {

    /** A plan. */
    public record Plan(int steps, double rate) {}

    @Test
    void shouldHoldEveryComponentAndTheEngineWhenAPlanIsAdded() {
        TensorRuntime.start(2);

        assertThat(new Fingerprint().with(new Plan(60, 2.5e-3)).settings())
                .containsEntry("steps", "60")
                .containsEntry("rate", "0.0025")
                .containsEntry("threads", "2")
                .containsKey("engine")
                .hasSize(4);
    }

    @Test
    void shouldRefuseWhenTwoSettingsShareAName() {
        Fingerprint fingerprint = new Fingerprint().with(new Plan(60, 1));

        assertThatThrownBy(() -> fingerprint.with("steps", "3")).hasMessageContaining("steps");
    }
}
