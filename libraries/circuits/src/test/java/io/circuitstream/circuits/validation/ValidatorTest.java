package io.circuitstream.circuits.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.TinyTest;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.RowProgress;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.validation.Claims.Measurement;
import io.circuitstream.circuits.validation.Claims.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ValidatorTest extends TinyTest {
    @Test
    void shouldMeasureTheDirectEdgesAndRepeatItselfWhenTheSeedIsTheSame() {
        try (LocalReplacementModel local = LocalReplacementModel.build(model, transcoder, PROMPT)) {
            AttributionGraph graph = Attributor.attribute(local, EXACT, RowProgress.NONE);
            int logit = graph.nodes().firstLogit();
            Readout target = graph.nodes().targets().get(0).readout();
            double[] effect = Influence.totalEffect(graph, logit);
            List<Prediction> predictions = IntStream.range(0, 6)
                    .map(i -> i * 9)
                    .mapToObj(f -> new Prediction(f, -effect[f], -graph.rows().get(logit, f)))
                    .toList();
            List<Integer> progress = new ArrayList<>();

            List<Measurement> first =
                    Validator.test(local, predictions, target, 3, 5, (done, total) -> progress.add(done));

            assertThat(progress).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(first).extracting(Measurement::prediction).isEqualTo(predictions);
            for (Measurement m : first) {
                assertThat(m.controls()).hasSize(3).doesNotHaveDuplicates();
                assertThat(m.direct()).isCloseTo(m.prediction().directPredicted(), within(2e-5));
            }
            assertThat(Validator.test(local, predictions, target, 3, 5, ClaimProgress.NONE))
                    .isEqualTo(first);
            assertThat(Validator.test(local, predictions, target, 3, 6, ClaimProgress.NONE))
                    .isNotEqualTo(first);
        }
    }
}
