package io.circuitstream.circuits.intervention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.circuitstream.circuits.TinyFeatures;
import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.TinyTest;
import io.circuitstream.circuits.intervention.Change.Layers;
import io.circuitstream.circuits.intervention.Interventions.Effect;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InterventionsTest extends TinyTest {
    private LocalReplacementModel local;

    @BeforeEach
    void build() {
        local = LocalReplacementModel.build(model, transcoder, PROMPT);
    }

    @AfterEach
    void free() {
        local.close();
    }

    private static double norm(float[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += (double) values[i] * values[i];
        }
        return Math.sqrt(sum);
    }

    private static Stream<Mode> modes() {
        return Stream.of(Mode.DIRECT, Mode.MODEL, new Mode.Constrained(1, 2, true), new Mode.Constrained(0, 3, false));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void shouldMoveNothingWhenTheChangeIsZero(Mode mode) {
        Change none = Change.feature(local, 0, local.features().activation()[0], Layers.ALL_WRITTEN);
        Effect effect = new Interventions(local).run(none, mode);
        assertThat(effect.demeanedLogits()).containsOnly(0);
        for (double z : effect.preActivations()) {
            assertThat(z).isCloseTo(0, within(1e-6));
        }
    }

    @Test
    void shouldChangeTheOwnLayerOrEveryWrittenOneWhenAFeatureIsAblated() {
        Change own = Change.feature(local, 0, 0, Layers.OWN);
        Change all = Change.feature(local, 0, 0, Layers.ALL_WRITTEN);
        int layer = local.features().layer()[0];
        for (int l = 0; l < transcoder.layers(); l++) {
            assertThat(own.atOutput()[l] != null).isEqualTo(l == layer);
            assertThat(all.atOutput()[l] != null).isEqualTo(l >= layer);
        }
        assertThat(own.atOutput()[layer]).isEqualTo(all.atOutput()[layer]);
        assertThat(own.atEmbedding()).isNull();
    }

    @Test
    void shouldTakeAwayWhatTheFeatureWritesWhenItIsAblated() {
        int f = local.features().count() / 2;
        int l = local.features().layer()[f];
        int d = transcoder.width();
        float[] change = Change.feature(local, f, 0, Layers.OWN).atOutput()[l];
        float[] row = transcoder.decoderRows(l, new int[] {local.features().index()[f]});
        int p = local.features().position()[f];
        for (int i = 0; i < change.length; i++) {
            float expected = i / d == p ? -local.features().activation()[f] * row[i % d] : 0;
            assertThat(change[i]).isCloseTo(expected, within(1e-6f));
        }
    }

    @Test
    void shouldHaveTheNormOfTheAblationAtEveryLayerWhenTheDirectionIsRandom() {
        Random random = new Random(2);
        for (int f = 0; f < local.features().count(); f += 11) {
            float[][] ablation = Change.feature(local, f, 0, Layers.ALL_WRITTEN).atOutput();
            float[][] drawn =
                    Change.random(local, f, Layers.ALL_WRITTEN, random).atOutput();
            int from = local.features().position()[f] * transcoder.width();
            for (int l = local.features().layer()[f]; l < ablation.length; l++) {
                double expected = norm(ablation[l], 0, ablation[l].length);
                assertThat(norm(drawn[l], from, from + transcoder.width()))
                        .isCloseTo(expected, within(1e-5 * expected));
                assertThat(norm(drawn[l], 0, drawn[l].length)).isCloseTo(expected, within(1e-5 * expected));
                assertThat(drawn[l]).isNotEqualTo(ablation[l]);
            }
        }
    }

    @Test
    void shouldMoveOnlyLaterPositionsWhenAFeatureIsAblatedInTheModel() {
        int f = local.features().count() / 3;
        Effect effect = new Interventions(local).run(Change.feature(local, f, 0, Layers.OWN), Mode.MODEL);
        boolean moved = false;
        for (int i = 0; i < local.features().count(); i++) {
            boolean reached = local.features().position()[i] >= local.features().position()[f]
                    && local.features().layer()[i] > local.features().layer()[f];
            moved |= reached && effect.preActivations()[i] != 0;
            if (!reached) {
                assertThat(effect.preActivations()[i]).isCloseTo(0, within(2e-5));
            }
        }
        assertThat(moved).isTrue();
    }

    /** An active feature with features of later layers behind it. */
    private int early() {
        return local.features().layerStart()[1] + 2;
    }

    private Intervention on(int feature, Intervention.Value value) {
        return Intervention.at(
                local.features().layer()[feature],
                local.features().index()[feature],
                local.features().position()[feature],
                value);
    }

    @Test
    void shouldBeTheSameChangeWhenAFeatureIsScaledSetOrChangedByItsIndex() {
        int f = early();
        float a = local.features().activation()[f];
        float[][] byIndex = Change.feature(local, f, 2 * a, Layers.ALL_WRITTEN).atOutput();

        assertSame(Change.of(local, List.of(on(f, new Intervention.Scale(2))), Layers.ALL_WRITTEN), byIndex);
        assertSame(Change.of(local, List.of(on(f, new Intervention.Set(2 * a))), Layers.ALL_WRITTEN), byIndex);
        float[][] own = Change.feature(local, f, 0, Layers.OWN).atOutput();
        assertSame(Change.of(local, List.of(on(f, new Intervention.Set(0))), Layers.OWN), own);
    }

    private static void assertSame(Change change, float[][] expected) {
        for (int l = 0; l < expected.length; l++) {
            float[] actual = change.atOutput()[l];
            assertThat(actual != null).isEqualTo(expected[l] != null);
            for (int j = 0; actual != null && j < actual.length; j++) {
                assertThat(actual[j]).isCloseTo(expected[l][j], within(1e-6f));
            }
        }
    }

    @Test
    void shouldWriteWhatASilentFeatureWouldWhenItIsInjectedFromAPositionOn() {
        int silent = IntStream.range(0, transcoder.features(2))
                .filter(f -> IntStream.range(1, PROMPT.length).allMatch(p -> local.activation(2, f, p) == 0))
                .findFirst()
                .orElseThrow();
        Intervention open = new Intervention(2, silent, 5, Intervention.OPEN, new Intervention.Set(3));

        Change change = Change.of(local, List.of(open), Layers.OWN);

        float[] row = transcoder.decoderRows(2, new int[] {silent});
        float[] at = change.atOutput()[2];
        for (int i = 0; i < at.length; i++) {
            assertThat(at[i]).isCloseTo(i / TinyModels.WIDTH >= 5 ? 3 * row[i % TinyModels.WIDTH] : 0, within(1e-6f));
        }
        Change scaled = Change.of(
                local,
                List.of(new Intervention(2, silent, 5, Intervention.OPEN, new Intervention.Scale(3))),
                Layers.OWN);
        assertThat(scaled.atOutput()[2]).containsOnly(0);
    }

    @Test
    void shouldAddUpWhenSeveralFeaturesChangeAtOnce() {
        List<Intervention> two =
                List.of(on(early(), new Intervention.Set(0)), on(early() + 9, new Intervention.Scale(-1)));
        Interventions interventions = new Interventions(local);

        double[] both = interventions.run(two, Mode.DIRECT, Layers.ALL_WRITTEN).demeanedLogits();

        double[] first = interventions
                .run(two.subList(0, 1), Mode.DIRECT, Layers.ALL_WRITTEN)
                .demeanedLogits();
        double[] second = interventions
                .run(two.subList(1, 2), Mode.DIRECT, Layers.ALL_WRITTEN)
                .demeanedLogits();
        for (int v = 0; v < both.length; v++) {
            assertThat(both[v]).isCloseTo(first[v] + second[v], within(1e-4));
        }
    }

    @Test
    void shouldBeTheDirectEffectWhenAllLayersAreConstrainedAndAttentionIsFrozen() {
        List<Intervention> ablation = List.of(on(early(), new Intervention.Set(0)));
        Interventions interventions = new Interventions(local);

        Effect constrained = interventions.run(ablation, new Mode.Constrained(0, 3, true), Layers.ALL_WRITTEN);

        Effect direct = interventions.run(ablation, Mode.DIRECT, Layers.ALL_WRITTEN);
        assertThat(constrained.demeanedLogits()).isEqualTo(direct.demeanedLogits());
        Effect attends = interventions.run(ablation, new Mode.Constrained(0, 3, false), Layers.ALL_WRITTEN);
        assertThat(attends.demeanedLogits()).isNotEqualTo(direct.demeanedLogits());
    }

    /** The range's own layer only, patterns free: nothing differs from adding the change to the model itself. */
    @Test
    void shouldBeTheModelsOwnResponseWhenTheRangeIsTheFeaturesLayer() {
        int f = early();
        int layer = local.features().layer()[f];
        List<Intervention> ablation = List.of(on(f, new Intervention.Set(0)));
        Interventions interventions = new Interventions(local);

        double[] constrained = interventions
                .run(ablation, new Mode.Constrained(layer, layer, false), Layers.ALL_WRITTEN)
                .demeanedLogits();

        double[] model = interventions.run(ablation, Mode.MODEL, Layers.OWN).demeanedLogits();
        for (int v = 0; v < model.length; v++) {
            assertThat(constrained[v]).isCloseTo(model[v], within(1e-5));
        }
    }

    @Test
    void shouldNotReactInsideTheRangeWhenAFeatureOfItChanges() {
        int f = early();
        List<Intervention> ablation = List.of(on(f, new Intervention.Set(0)));
        Interventions interventions = new Interventions(local);
        int last = transcoder.layers() - 1;

        // The change reaches the layer above directly, through attention of clean patterns, whatever the norms do.
        double[] ended = interventions
                .run(ablation, new Mode.Constrained(1, last - 1, true), Layers.ALL_WRITTEN)
                .demeanedLogits();
        double[] whole = interventions
                .run(ablation, new Mode.Constrained(1, last, true), Layers.ALL_WRITTEN)
                .demeanedLogits();

        assertThat(ended).isNotEqualTo(whole);
        assertThat(largest(ended)).isGreaterThan(1e-4);
    }

    private static double largest(double[] values) {
        return java.util.Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    @Test
    void shouldStayAsItIsWhenFeaturesEncodeAnewAndNothingIsHeld() {
        Effect effect = new Interventions(local).run(List.of(), new Mode.Iterative(false), Layers.ALL_WRITTEN);

        assertThat(largest(effect.demeanedLogits())).isLessThan(1e-5);
    }

    /** Without features behind it, encoding anew changes nothing, so all that differs from the direct effect are the norms. */
    @Test
    void shouldBeTheDirectEffectWhenNoFeatureIsBehindAndOnlyNormsRecompute() {
        int last = local.features().layerStart()[transcoder.layers() - 1];
        List<Intervention> small = List.of(on(last, new Intervention.Scale(1.001f)));
        Interventions interventions = new Interventions(local);

        double[] iterative = interventions
                .run(small, new Mode.Iterative(true), Layers.ALL_WRITTEN)
                .demeanedLogits();

        double[] model = interventions.run(small, Mode.MODEL, Layers.OWN).demeanedLogits();
        for (int v = 0; v < model.length; v++) {
            assertThat(iterative[v]).isCloseTo(model[v], within(1e-5));
        }
    }

    /** Against the formula with dense products: m + (a′ − a) W_dec + (u′ − u) W_skip. */
    @Test
    void shouldEqualTheDenseFormulaWhenATranscoderWithASkipEncodesAnew(@TempDir Path folder) throws IOException {
        try (Transcoder skipping = TinyFeatures.PLT_SKIP_IN.open(folder, model);
                LocalReplacementModel with = LocalReplacementModel.build(model, skipping, PROMPT)) {
            int f = with.features().layerStart()[1] + 2;
            Intervention held = Intervention.at(
                    with.features().layer()[f],
                    with.features().index()[f],
                    with.features().position()[f],
                    new Intervention.Set(9));
            Forward.MlpOutput dense = (layer, input, own) ->
                    dense(with, held, layer, skipping.site().of(input));
            float[] expected;
            try (ForwardPass pass =
                    Forward.run(model, PROMPT, new Forward.Options(with.pass(), 4, null, dense, null))) {
                expected = pass.logits(PROMPT.length - 1);
            }

            double[] moved = new Interventions(with)
                    .run(List.of(held), new Mode.Iterative(true), Layers.OWN)
                    .demeanedLogits();

            float[] clean = with.pass().logits(PROMPT.length - 1);
            double mean = IntStream.range(0, clean.length)
                    .mapToDouble(v -> expected[v] - clean[v])
                    .average()
                    .orElseThrow();
            assertThat(largest(moved)).isGreaterThan(.05);
            for (int v = 0; v < clean.length; v++) {
                assertThat(moved[v]).isCloseTo(expected[v] - clean[v] - mean, within(1e-4));
            }
        }
    }

    private static NDArray dense(LocalReplacementModel with, Intervention held, int layer, NDArray input) {
        Transcoder skipping = with.transcoder();
        int features = skipping.features(layer);
        int d = skipping.width();
        NDArray clean = skipping.site().in(with.pass(), layer);
        float[] now = skipping.activations(
                layer, skipping.preActivations(layer, input).toFloatArray());
        float[] before = skipping.activations(
                layer, skipping.preActivations(layer, clean).toFloatArray());
        float[] change = new float[now.length];
        for (int i = features; i < change.length; i++) {
            boolean isHeld = layer == held.layer() && i / features == held.from() && i % features == held.feature();
            change[i] = (isHeld ? 9 : now[i]) - before[i];
        }
        int[] all = IntStream.range(0, features).toArray();
        NDArray decoder = Tensors.of(model.manager(), skipping.decoderRows(layer, all), features, d);
        return with.pass()
                .mlpOut()[layer]
                .add(Tensors.of(model.manager(), change, PROMPT.length, features)
                        .matMul(decoder))
                .add(with.skip(layer, input.sub(clean)));
    }

    @Test
    void shouldReencodeLaterFeaturesWhenAnEarlyOneIsAblatedIteratively() {
        int f = early();
        List<Intervention> ablation = List.of(on(f, new Intervention.Set(0)));
        Interventions interventions = new Interventions(local);

        Effect iterative = interventions.run(ablation, new Mode.Iterative(true), Layers.ALL_WRITTEN);

        Effect clamped = interventions.run(ablation, new Mode.Constrained(0, 3, true), Layers.ALL_WRITTEN);
        assertThat(iterative.demeanedLogits()).isNotEqualTo(clamped.demeanedLogits());
        assertThat(largest(iterative.demeanedLogits())).isGreaterThan(1e-4);
    }

    @Test
    void shouldSayWhichFeatureWhenAnInterventionIsImpossible() {
        int f = early();
        assertRefused(List.of(Intervention.at(4, 0, 3, new Intervention.Set(0))), "feature 4/0 does not exist");
        assertRefused(List.of(Intervention.at(1, 30, 3, new Intervention.Set(0))), "feature 1/30 does not exist");
        assertRefused(
                List.of(Intervention.at(1, 3, 0, new Intervention.Set(0))),
                "feature 1/3 cannot be changed at position 0: the prompt has features at 1 to 7");
        assertRefused(
                List.of(on(f, new Intervention.Set(0)), on(f, new Intervention.Scale(2))), "is held at two values");
        assertThatThrownBy(() -> new Interventions(local).run(List.of(), new Mode.Constrained(2, 4, true), Layers.OWN))
                .hasMessageContaining("layers 2 to 4 are not in a model of 4 layers");
        assertThatThrownBy(() ->
                        new Interventions(local).run(Change.feature(local, f, 0, Layers.OWN), new Mode.Iterative(true)))
                .hasMessageContaining("give interventions");
    }

    private void assertRefused(List<Intervention> interventions, String message) {
        assertThatThrownBy(() -> Change.of(local, interventions, Layers.OWN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
