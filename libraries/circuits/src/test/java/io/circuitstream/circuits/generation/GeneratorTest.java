package io.circuitstream.circuits.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.LiveArrays;
import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.TinyTest;
import io.circuitstream.circuits.attribution.LogitTargets;
import io.circuitstream.circuits.intervention.Change;
import io.circuitstream.circuits.intervention.Intervention;
import io.circuitstream.circuits.intervention.Interventions;
import io.circuitstream.circuits.intervention.Mode;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GeneratorTest extends TinyTest {
    private static final int MOST = 12;

    /** Without a cache: the whole text again for every token. */
    private static int[] slowly(int[] prompt, int most) {
        int[] text = prompt;
        for (int i = 0; i < most; i++) {
            try (ForwardPass pass = Forward.run(model, text)) {
                double[] p = LogitTargets.probabilities(pass.logits(text.length - 1));
                text = Arrays.copyOf(text, text.length + 1);
                text[text.length - 1] = LogitTargets.ranking(p, 1)[0];
            }
        }
        return Arrays.copyOfRange(text, prompt.length, text.length);
    }

    private static int[] tokens(List<Generator.Step> steps) {
        return steps.stream().mapToInt(Generator.Step::tokenId).toArray();
    }

    @Test
    void shouldContinueAsWithoutACacheWhenKeysAndValuesAreKept() {
        assertThat(tokens(Generator.generate(model, PROMPT, MOST, Set.of()))).isEqualTo(slowly(PROMPT, MOST));
    }

    @Test
    void shouldEndWithTheStopWhenItComes() {
        int[] whole = slowly(PROMPT, MOST);
        int stop = whole[3];
        int first = 0;
        while (whole[first] != stop) {
            first++;
        }

        assertThat(tokens(Generator.generate(model, PROMPT, MOST, Set.of(stop))))
                .isEqualTo(Arrays.copyOf(whole, first + 1));
    }

    @Test
    void shouldEndWhereTheModelsPositionsEnd() {
        int[] prompt = new int[60];
        Arrays.fill(prompt, 5);
        prompt[0] = 1;

        // 64 positions: the token predicted at the last one needs none of its own.
        assertThat(Generator.generate(model, prompt, 50, Set.of())).hasSize(5);
        assertThatThrownBy(() -> Generator.generate(model, new int[65], 1, Set.of()))
                .hasMessage("the prompt has 65 tokens, the model takes at most 64");
        assertThatThrownBy(() -> Generator.generate(model, prompt, 0, Set.of())).hasMessageContaining("at least 1");
    }

    @Test
    void shouldChangeNothingWhenFeaturesAreHeldAtWhatTheyAre() {
        Intervention same = new Intervention(1, 3, 1, Intervention.OPEN, new Intervention.Scale(1));
        Steering steering = new Steering(model, transcoder, List.of(same), Change.Layers.ALL_WRITTEN);

        assertThat(Generator.generate(model, PROMPT, MOST, Set.of(), steering))
                .isEqualTo(Generator.generate(model, PROMPT, MOST, Set.of()));
    }

    /** One feature: its activation is that of the clean run, so the first token's logits are the intervention's. */
    @Test
    void shouldAgreeWithTheInterventionWhenOneFeatureIsSteered() {
        try (LocalReplacementModel local = LocalReplacementModel.build(model, transcoder, PROMPT)) {
            int f = local.features().count() / 3;
            Intervention held = Intervention.at(
                    local.features().layer()[f],
                    local.features().index()[f],
                    local.features().position()[f],
                    new Intervention.Scale(-4));
            double[] effect = new Interventions(local)
                    .run(List.of(held), Mode.MODEL, Change.Layers.ALL_WRITTEN)
                    .demeanedLogits();
            float[] clean = local.pass().logits(PROMPT.length - 1);
            float[] moved = new float[clean.length];
            for (int v = 0; v < moved.length; v++) {
                moved[v] = (float) (clean[v] + effect[v]);
            }
            double[] p = LogitTargets.probabilities(moved);
            int best = LogitTargets.ranking(p, 1)[0];

            Steering steering = new Steering(model, transcoder, List.of(held), Change.Layers.ALL_WRITTEN);
            Generator.Step first =
                    Generator.generate(model, PROMPT, 1, Set.of(), steering).get(0);

            assertThat(first.tokenId()).isEqualTo(best);
            assertThat(first.probability()).isCloseTo(p[best], within(1e-5));
        }
    }

    /** Held from the first generated position on: the first token is the clean one's, later ones are others. */
    @Test
    void shouldSteerOnlyWhatFollowsWhenPositionsAreOpen() {
        int[] clean = tokens(Generator.generate(model, PROMPT, MOST, Set.of()));
        Intervention open = new Intervention(2, 7, PROMPT.length, Intervention.OPEN, new Intervention.Set(400));
        Steering steering = new Steering(model, transcoder, List.of(open), Change.Layers.OWN);

        int[] steered = tokens(Generator.generate(model, PROMPT, MOST, Set.of(), steering));

        assertThat(steered[0]).isEqualTo(clean[0]);
        assertThat(steered[1]).isNotEqualTo(clean[1]);
        Intervention closed = new Intervention(2, 7, 3, PROMPT.length - 1, new Intervention.Scale(1));
        assertThat(tokens(Generator.generate(
                        model,
                        PROMPT,
                        MOST,
                        Set.of(),
                        new Steering(model, transcoder, List.of(closed), Change.Layers.OWN))))
                .isEqualTo(clean);
    }

    @Test
    void shouldLeaveNothingBehindWhenItEnds() {
        Generator.generate(model, PROMPT, 3, Set.of());
        int before = LiveArrays.count();

        Generator.generate(model, PROMPT, MOST, Set.of());

        assertThat(LiveArrays.count()).isEqualTo(before);
    }

    @Test
    void shouldNameTheFeatureWhenItDoesNotExist() {
        for (int layer : new int[] {-1, TinyModels.LAYERS}) {
            Intervention wrong = new Intervention(layer, 0, 1, 2, new Intervention.Set(0));
            assertThatThrownBy(() -> new Steering(model, transcoder, List.of(wrong), Change.Layers.OWN))
                    .hasMessageContaining("feature " + layer + "/0 does not exist");
        }
    }
}
