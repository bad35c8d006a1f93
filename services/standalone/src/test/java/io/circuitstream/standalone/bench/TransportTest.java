package io.circuitstream.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TransportTest {
    @Test
    void shouldLeaveOutWhatTheStagesWorkedWhenPromptsAreTimed() {
        // 200 prompts of 101, 102, ... ms, 100 of which are compute.
        double[] total =
                IntStream.rangeClosed(1, 200).mapToDouble(i -> (100 + i) / 1e3).toArray();
        double[] compute = new double[200];
        Arrays.fill(compute, .1);

        List<Measured> results = new Transport(
                        total, compute, new StageTimes(Map.of("pruning", 20.0)), List.of(1, 2, 3, 4), .02)
                .results();

        Measured middle = results.get(0);
        assertThat(middle.median()).isCloseTo(100.5, within(1e-9));
        assertThat(middle.min()).isCloseTo(1, within(1e-9));
        assertThat(middle.max()).isCloseTo(200, within(1e-9));
        assertThat(middle.floor()).isCloseTo(20, within(1e-9));
        assertThat(middle.ratio()).isCloseTo(5.025, within(1e-9));
        assertThat(middle.parameters()).containsEntry("pruningMeanMs", 100.0);
        Measured tail = results.get(1);
        assertThat(tail.median()).isCloseTo(198, within(1e-9));
        assertThat(tail.min()).as("of the first fifth").isCloseTo(40, within(1e-9));
        assertThat(tail.ratio()).isCloseTo(9.9, within(1e-9));
    }

    @Test
    void shouldBeTheSmallestValueThatEnoughDoNotExceedWhenAPercentileIsAsked() {
        double[] values = {4, 1, 3, 2};
        assertThat(Transport.percentile(values, .5)).isEqualTo(2);
        assertThat(Transport.percentile(values, .51)).isEqualTo(3);
        assertThat(Transport.percentile(values, .99)).isEqualTo(4);
        assertThat(Transport.percentile(new double[] {7}, .01)).isEqualTo(7);
    }
}
