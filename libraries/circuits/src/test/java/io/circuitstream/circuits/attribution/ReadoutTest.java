package io.circuitstream.circuits.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.TinyTest;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.LogitTarget;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.intervention.Change;
import io.circuitstream.circuits.intervention.Interventions;
import io.circuitstream.circuits.intervention.Mode;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Targets that are no token: their rows conserve, and predict interventions, as those of tokens do. */
class ReadoutTest extends TinyTest {
    private static final Readout DIFFERENCE = new Readout.Difference(7, 12);
    /** Not active on the prompt, and not at the last position. */
    private static final Readout SILENT = new Readout.Feature(3, 1, 5);

    private static AttributionOptions of(Readout... readouts) {
        return new AttributionOptions(10, .95, List.of(readouts), 0);
    }

    private static Readout vector() {
        Random random = new Random(8);
        float[] values = new float[TinyModels.WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new Readout.Vector("direction", values);
    }

    @Test
    void shouldPredictEveryInterventionWhenTargetsAreMixed() {
        List<Readout> readouts = List.of(vector(), SILENT, new Readout.Token(9), DIFFERENCE);
        try (LocalReplacementModel local = LocalReplacementModel.build(model, transcoder, PROMPT)) {
            AttributionGraph graph =
                    Attributor.attribute(local, of(readouts.toArray(Readout[]::new)), RowProgress.NONE);
            Interventions interventions = new Interventions(local);

            assertThat(graph.conservationError()).isLessThan(1e-5);
            Nodes nodes = graph.nodes();
            assertThat(nodes.targets()).extracting(LogitTarget::readout).containsExactlyElementsOf(readouts);
            for (int f = 0; f < nodes.featureCount(); f += 7) {
                float doubled = 2 * local.features().activation()[f];
                Change change = Change.feature(local, f, doubled, Change.Layers.ALL_WRITTEN);
                for (int k = 0; k < readouts.size(); k++) {
                    double edge = graph.rows().get(nodes.firstLogit() + k, f);
                    assertThat(interventions.effect(change, Mode.DIRECT, readouts.get(k)))
                            .as("%s ← %s", nodes.targets().get(k).token(), nodes.id(f))
                            .isCloseTo(edge, within(2e-5 + 1e-3 * Math.abs(edge)));
                }
            }
        }
    }

    @Test
    void shouldBeTheDifferenceOfTwoRowsWhenTwoTokensAreCompared() {
        AttributionGraph both = graph(of(new Readout.Token(7), new Readout.Token(12)), PROMPT);
        AttributionGraph difference = graph(of(DIFFERENCE), PROMPT);
        int first = both.nodes().firstLogit();

        for (int s = 0; s < first; s++) {
            double expected = both.rows().get(first, s) - both.rows().get(first + 1, s);
            assertThat((double) difference.rows().get(first, s)).isCloseTo(expected, within(1e-5));
        }
        assertThat(difference.nodes().targets().get(0).token()).isEqualTo("w7 − w12");
    }

    @Test
    void shouldEqualTheFeaturesOwnRowWhenAnActiveFeatureIsTheTarget() {
        AttributionGraph all = graph(EXACT, PROMPT);
        Nodes nodes = all.nodes();
        int f = nodes.featureCount() / 2;
        AttributionGraph one =
                graph(of(new Readout.Feature(nodes.layer(f), nodes.feature(f), nodes.position(f))), PROMPT);

        int target = one.nodes().firstLogit();
        for (int s = 0; s < target; s++) {
            assertThat(one.rows().get(target, s)).isCloseTo(all.rows().get(f, s), within(1e-6f));
        }
        assertThat(one.rows().value()[one.rows().count() - 1]).isCloseTo(nodes.value(f), within(1e-5f));
    }

    @Test
    void shouldWeighAllTheSameWhenOneIsNoToken() {
        List<LogitTarget> targets = graph(of(new Readout.Token(9), DIFFERENCE, new Readout.Token(9)), PROMPT)
                .nodes()
                .targets();

        assertThat(targets).extracting(LogitTarget::probability).containsExactly(.5f, .5f);
        assertThat(targets).extracting(LogitTarget::tokenId).containsExactly(9, TinyModels.VOCABULARY + 1);
    }

    @Test
    void shouldSayWhatIsThereWhenATargetIsNot() {
        assertRefused(new Readout.Feature(4, 1, 5), "target feature 4/1 does not exist: the transcoder has 4 layers");
        assertRefused(new Readout.Feature(2, 30, 5), "4 layers and 30 features in this one");
        assertRefused(new Readout.Feature(2, 3, 0), "at position 0: the prompt has features at 1 to 7");
        assertRefused(new Readout.Feature(2, 3, 8), "at position 8");
        assertRefused(new Readout.Difference(3, 40), "target token 40 is not in the vocabulary of 40");
        assertRefused(new Readout.Vector("v", new float[3]), "target vector 'v' has 3 values, the model's width is 24");
    }

    private static void assertRefused(Readout readout, String message) {
        assertThatThrownBy(() -> graph(of(readout), PROMPT))
                .isInstanceOf(NoSuchTargetException.class)
                .hasMessageContaining(message);
    }
}
