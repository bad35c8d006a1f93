package io.circuitstream.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BurstTest {
    private static final long MEGABYTE = 1 << 20;
    private static final List<Footprint> HELD =
            List.of(held(90, 8, 69), held(100, 10, 150), held(120, 12, 140), held(110, 11, 69));

    private static Footprint held(long resident, long heap, int arrays) {
        return new Footprint(OptionalLong.of(resident * MEGABYTE), heap * MEGABYTE, arrays);
    }

    @Test
    void shouldHoldTheWholeAgainstTheLocalRateWhenPromptsAreTimed() {
        // Ten in the first second, ten in the next two.
        double[] end = new double[20];
        for (int i = 0; i < 20; i++) {
            end[i] = i < 10 ? (i + 1) * .1 : 1 + (i - 9) * .2;
        }

        Measured throughput = new Burst(end, 8, HELD).results().get(0);

        assertThat(throughput.median()).isCloseTo(20 / 3.0, within(1e-9));
        assertThat(throughput.max()).isCloseTo(10, within(1e-9));
        assertThat(throughput.min()).isCloseTo(5, within(1e-9));
        assertThat(throughput.ratio()).isCloseTo(20 / 3.0 / 8, within(1e-9));
    }

    @Test
    void shouldHoldTheEndAgainstTheFirstTenthWhenMemoryIsMeasured() {
        List<Measured> results = new Burst(new double[] {1}, 1, HELD).results();

        assertThat(results)
                .extracting(Measured::name)
                .containsExactly("throughput", "resident memory", "Java heap after collection", "native arrays");
        Measured resident = results.get(1);
        assertThat(resident.median()).isEqualTo(110);
        assertThat(resident.min()).isEqualTo(100);
        assertThat(resident.max()).isEqualTo(120);
        assertThat(resident.ratio()).isCloseTo(1.1, within(1e-9));
        assertThat(resident.parameters()).containsEntry("before", 90.0).containsEntry("at50percent", 120.0);
        assertThat(results.get(3).median()).isEqualTo(69);
    }

    @Test
    void shouldSayNothingOfResidentMemoryWhereTheSystemDoesNot() {
        Footprint unknown = new Footprint(OptionalLong.empty(), MEGABYTE, 1);
        List<Measured> results = new Burst(new double[] {1}, 1, List.of(unknown, unknown, unknown, unknown)).results();
        assertThat(results).extracting(Measured::name).doesNotContain("resident memory");
    }
}
