package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.attribution.AttributionOptions;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.RowProgress;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.intervention.Change;
import io.circuitstream.circuits.intervention.Interventions;
import io.circuitstream.circuits.intervention.Mode;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.PromptSubmitted;
import java.io.IOException;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The exactness tests of circuits.md §5 on the model that ships and its ten sample prompts. */
class ShippedModelTest {
    private static TraceableModel model;

    @BeforeAll
    static void load() {
        model = TraceableModel.load(Samples.MODEL, Samples.TRANSCODER, Samples.THREADS);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void shouldConserveEveryRowWhenTheSamplesAreTraced() throws IOException {
        for (PromptSubmitted prompt : Samples.prompts()) {
            try (LocalReplacementModel local = local(prompt)) {
                AttributionGraph graph = Attributor.attribute(local, AttributionOptions.DEFAULT, RowProgress.NONE);
                assertThat(graph.rows().count()).isGreaterThan(100);
                assertThat(graph.conservationError()).as(prompt.getText()).isLessThan(1e-5);
            }
        }
    }

    @Test
    void shouldMoveEverythingByItsColumnWhenAHundredFeaturesAreDoubled() throws IOException {
        AttributionOptions everything = AttributionOptions.ofTokens(10, .95, new int[0], 0);
        Random random = new Random(7);
        for (PromptSubmitted prompt : Samples.prompts()) {
            try (LocalReplacementModel local = local(prompt)) {
                AttributionGraph graph = Attributor.attribute(local, everything, RowProgress.NONE);
                Interventions interventions = new Interventions(local);
                IntStream chosen = random.ints(10, 0, local.features().count());
                chosen.forEach(f -> assertMoves(local, graph, interventions, f));
            }
        }
    }

    private static void assertMoves(
            LocalReplacementModel local, AttributionGraph graph, Interventions interventions, int feature) {
        float doubled = 2 * local.features().activation()[feature];
        Interventions.Effect effect =
                interventions.run(Change.feature(local, feature, doubled, Change.Layers.ALL_WRITTEN), Mode.DIRECT);
        for (int f = 0; f < local.features().count(); f++) {
            assertThat(effect.preActivations()[f]).isCloseTo(graph.rows().get(f, feature), within(5e-4));
        }
        for (int k = graph.nodes().firstLogit(); k < graph.nodes().count(); k++) {
            double expected = graph.rows().get(k, feature);
            assertThat(effect.demeanedLogits()[graph.nodes().feature(k)])
                    .isCloseTo(expected, within(1e-5 + 1e-3 * Math.abs(expected)));
        }
    }

    private static LocalReplacementModel local(PromptSubmitted prompt) {
        return model.local(model.model().tokens().encode(prompt.getText()).ids());
    }
}
