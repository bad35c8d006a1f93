package io.circuitstream.circuits.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.TinyTest;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.RowProgress;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.intervention.Change;
import io.circuitstream.circuits.intervention.Change.Layers;
import io.circuitstream.circuits.intervention.Interventions;
import io.circuitstream.circuits.intervention.Mode;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AblationsTest extends TinyTest {
    private static final int[] FEATURES = {0, 9, 18, 27};

    private LocalReplacementModel local;
    private AttributionGraph graph;
    private Readout target;
    private int last;

    @BeforeEach
    void build() {
        local = LocalReplacementModel.build(model, transcoder, PROMPT);
        graph = Attributor.attribute(local, EXACT, RowProgress.NONE);
        target = graph.nodes().targets().get(0).readout();
        last = graph.nodes().featureCount() - 1;
    }

    @AfterEach
    void free() {
        local.close();
    }

    private List<Ablation> run(long seed, ClaimProgress progress) {
        AblationPlan plan = new AblationPlan(3, List.of(-1f, 0f, 2f), true, seed);
        return Ablations.run(local, FEATURES, target, new int[] {last, last - 2}, plan, progress);
    }

    @Test
    void shouldMeasureEdgesSweepAndRangesWhenFeaturesAreAblated() {
        List<Integer> progress = new ArrayList<>();
        List<Ablation> ablations = run(5, (done, total) -> progress.add(done));

        assertThat(progress).isSorted().endsWith(4);
        assertThat(ablations).extracting(Ablation::feature).containsExactly(0, 9, 18, 27);
        for (Ablation a : ablations) {
            double edge = graph.rows().get(graph.nodes().firstLogit(), a.feature());
            assertThat(a.direct()).isCloseTo(-edge, within(2e-5));
            assertThat(a.controls()).extracting(c -> c.target()).hasSize(3).doesNotHaveDuplicates();
            assertThat(a.ownLayer().divergence()).isPositive();
            // A factor of 0 is the ablation.
            assertThat(a.sweep()).extracting(Ablation.Swept::factor).containsExactly(-1f, 0f, 2f);
            assertThat(a.sweep().get(1).ownLayer()).isCloseTo(a.ownLayer().target(), within(1e-5));
            int own = local.features().layer()[a.feature()];
            assertThat(a.constrained()).hasSize(model.config().layers() - own);
        }
    }

    @Test
    void shouldMeasureWatchedFeaturesAsTheyAreAskedForWhenTheyAreNotInOrder() {
        Ablation ablation = run(5, ClaimProgress.NONE).get(0);
        double[] all = new Interventions(local)
                .run(Change.feature(local, 0, 0, Layers.ALL_WRITTEN), Mode.MODEL)
                .preActivations();

        // Beside others in one pass or alone: the same numbers but for rounding.
        assertThat(ablation.allLayers().features()[0]).isCloseTo(all[last], within(1e-5));
        assertThat(ablation.allLayers().features()[1]).isCloseTo(all[last - 2], within(1e-5));
        assertThat(Math.abs(all[last] - all[last - 2])).isGreaterThan(1e-3);
    }

    @Test
    void shouldRepeatItselfWhenTheSeedIsTheSame() {
        assertThat(numbers(run(5, ClaimProgress.NONE))).isEqualTo(numbers(run(5, ClaimProgress.NONE)));
        assertThat(numbers(run(5, ClaimProgress.NONE))).isNotEqualTo(numbers(run(6, ClaimProgress.NONE)));
    }

    private static List<Double> numbers(List<Ablation> ablations) {
        return ablations.stream()
                .flatMap(a -> a.controls().stream().map(c -> c.target()))
                .toList();
    }

    /** Half a percent of an activation is little enough for first order: what is left is its square and rounding. */
    @Test
    void shouldPredictSmallChangesWhenTheGradientIsTaken() {
        int feature = FEATURES[1];
        float little = .995f * local.features().activation()[feature];
        Readout.Feature above = new Readout.Feature(
                graph.nodes().layer(last),
                graph.nodes().feature(last),
                graph.nodes().position(last));
        for (Readout readout : List.of(target, above)) {
            GradientPredictor predictor = GradientPredictor.of(local, readout);
            for (Layers layers : Layers.values()) {
                double measured = new Interventions(local)
                        .effect(Change.feature(local, feature, little, layers), Mode.MODEL, readout);
                double predicted = .005 * predictor.ablation(feature, layers);
                assertThat(Math.abs(predicted)).isGreaterThan(1e-6);
                assertThat(measured).isCloseTo(predicted, within(.03 * Math.abs(predicted) + 2e-6));
            }
        }
    }

    /** The same numbers from the other end. */
    @Test
    void shouldAgreeWithTotalEffectsWhenASourceIsFollowedDownstream() {
        int logit = graph.nodes().firstLogit();
        double[] effect = Influence.totalEffect(graph, logit);
        double[] influence = Influence.of(graph);
        double sum = 0;
        for (int feature : FEATURES) {
            assertThat(Influence.ablation(graph, feature)[logit])
                    .isCloseTo(-effect[feature], within(1e-6 * Math.max(1, Math.abs(effect[feature]))));
            double onTargets = 0;
            double[] from = Influence.from(graph, feature);
            for (int k = logit; k < graph.nodes().count(); k++) {
                onTargets += from[k] * graph.nodes().weight(k);
            }
            assertThat(onTargets).isCloseTo(influence[feature], within(1e-9));
            sum += onTargets;
        }
        assertThat(sum).isPositive();
    }
}
