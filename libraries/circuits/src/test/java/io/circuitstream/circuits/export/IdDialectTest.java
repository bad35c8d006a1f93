package io.circuitstream.circuits.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class IdDialectTest {
    @Test
    void shouldBeThreeIntegersWhenCircuitTracerSplitsIt() {
        int[] parts = Arrays.stream(IdDialect.CIRCUIT_TRACER.error(3, 12).split("_", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        assertThat(parts).containsExactly(3, -1, 12);
    }

    @Test
    void shouldNameLayerAndPositionWhenOurs() {
        assertThat(IdDialect.CIRCUITSTREAM.error(3, 12)).isEqualTo("3_error_mlp_12");
    }
}
