package io.circuitstream.circuits.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.TinyFeatures;
import io.circuitstream.circuits.TinyTest;
import io.circuitstream.circuits.attribution.Expansion.Mode;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Omissions;
import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpansionTest extends TinyTest {
    private static final int[] LONG =
            IntStream.range(0, 40).map(i -> i == 0 ? 1 : 2 + i * 7 % 38).toArray();

    @ParameterizedTest
    @ValueSource(doubles = {.001, .01, .05, .3})
    void shouldMissNoMoreThanTheBoundWhenTailsAreLeftOut(double epsilon) {
        AttributionGraph exact = graph(EXACT, LONG);
        AttributionGraph bounded = graph(EXACT.with(Expansion.bounded(epsilon)), LONG);

        Omissions omissions = bounded.omissions();
        assertThat(omissions.skippedRows())
                .isPositive()
                .isEqualTo(exact.rows().count() - bounded.rows().count());
        assertThat(omissions.skippedInfluenceBound()).isPositive().isLessThanOrEqualTo(epsilon * weight(exact));
        assertMissesAtMost(omissions.skippedInfluenceBound(), exact, bounded);
    }

    /** Rows that are left out, and then entries, miss what is said, whatever the model is decomposed with. */
    @ParameterizedTest
    @EnumSource
    void shouldMissNoMoreThanTheBoundsWhenFeaturesAreOfAnyKind(TinyFeatures features) throws IOException {
        try (Transcoder used = features.open(shared, model);
                LocalReplacementModel local = LocalReplacementModel.build(model, used, LONG)) {
            assertMissesAtMostBoth(local);
        }
    }

    /** Parallel attention, learned positions, post-norms. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt-neox", "gemma2"})
    void shouldMissNoMoreThanTheBoundsWhenTheFamilyIsAnother(String family) {
        Path folder = Path.of("src/test/resources/architectures", family);
        int[] prompt = IntStream.range(0, 12).map(i -> 2 + i * 5 % 20).toArray();
        try (LanguageModel other = LanguageModel.load(folder);
                Transcoder used = TranscoderFiles.load(folder.resolve("clt"));
                LocalReplacementModel local = LocalReplacementModel.build(other, used, prompt)) {
            assertMissesAtMostBoth(local);
        }
    }

    private static void assertMissesAtMostBoth(LocalReplacementModel local) {
        AttributionGraph exact = Attributor.attribute(local, EXACT, RowProgress.NONE);
        AttributionOptions bounded = EXACT.with(Expansion.bounded(.1));
        int entries =
                Attributor.attribute(local, bounded, RowProgress.NONE).rows().col().length;
        AttributionGraph less = Attributor.attribute(local, bounded.withMaxBytes(4L * entries), RowProgress.NONE);

        Omissions omissions = less.omissions();
        assertThat(omissions.skippedRows()).isPositive();
        assertThat(omissions.leftOutEdges()).isPositive();
        assertThat(omissions.skippedInfluenceBound()).isLessThanOrEqualTo(.1 * weight(exact));
        assertMissesAtMost(omissions.skippedInfluenceBound() + omissions.leftOutInfluenceBound(), exact, less);
    }

    @Test
    void shouldComputeTheSameRowsWhenOthersAreLeftOut() {
        AttributionGraph exact = graph(EXACT, LONG);
        AttributionGraph bounded = graph(EXACT.with(Expansion.bounded(.2)), LONG);

        for (int node : bounded.rows().rowNode()) {
            for (int s = 0; s < exact.nodes().count(); s += 5) {
                assertThat(bounded.rows().get(node, s))
                        .isCloseTo(
                                exact.rows().get(node, s),
                                within(1e-5f * (1 + Math.abs(exact.rows().get(node, s)))));
            }
        }
    }

    @Test
    void shouldLeaveOutTheLeastInfluentialWhenALayerHasATail() {
        AttributionGraph exact = graph(EXACT, LONG);
        double[] influence = Influence.of(exact);
        AttributionGraph bounded = graph(EXACT.with(Expansion.bounded(.2)), LONG);

        int top = exact.nodes().layers() - 1;
        int last = exact.nodes().positions() - 1;
        double leastKept = 1;
        double mostLeftOut = 0;
        for (int i = exact.nodes().features().layerStart()[top];
                i < exact.nodes().featureCount();
                i++) {
            if (exact.nodes().position(i) == last) {
                boolean kept = bounded.rows().rowOf(i) >= 0;
                leastKept = kept ? Math.min(leastKept, influence[i]) : leastKept;
                mostLeftOut = kept ? mostLeftOut : Math.max(mostLeftOut, influence[i]);
            } else {
                assertThat(influence[i]).isZero();
                assertThat(bounded.rows().rowOf(i)).isNegative();
            }
        }
        assertThat(mostLeftOut).isPositive().isLessThan(leastKept);
    }

    @Test
    void shouldLoseNothingWhenOnlyRowsWithoutInfluenceAreLeftOut() {
        AttributionOptions feature = new AttributionOptions(10, .95, List.of(new Readout.Feature(1, 3, 20)), 0);
        AttributionGraph exact = graph(feature, LONG);
        AttributionGraph bounded = graph(feature.with(Expansion.bounded(0)), LONG);

        assertThat(bounded.omissions().skippedInfluenceBound()).isZero();
        assertThat(bounded.rows().count()).isLessThan(exact.rows().count() / 2);
        for (int node : bounded.rows().rowNode()) {
            boolean target = node >= bounded.nodes().firstLogit();
            assertThat(target || bounded.nodes().layer(node) == 0)
                    .as("node %d", node)
                    .isTrue();
        }
        assertMissesAtMost(1e-6, exact, bounded);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 30, 200})
    void shouldKeepToTheLimitAndReportTheBoundWhenFeaturesAreLimited(int most) {
        AttributionGraph exact = graph(EXACT, LONG);
        AttributionGraph limited = graph(EXACT.with(new Expansion(Mode.EXACT, 0, most)), LONG);

        assertThat(limited.rows().count() - limited.nodes().targets().size()).isBetween(most / 2, most);
        assertThat(limited.omissions().skippedRows())
                .isEqualTo(exact.rows().count() - limited.rows().count());
        assertMissesAtMost(limited.omissions().skippedInfluenceBound(), exact, limited);
    }

    @Test
    void shouldExpandAllWhenAnAutomaticGraphIsSmall() {
        AttributionGraph graph = graph(EXACT.with(new Expansion(Mode.AUTOMATIC, .5, Expansion.ALL)), PROMPT);

        assertThat(graph.omissions()).isEqualTo(Omissions.NONE);
        assertThat(new Expansion(Mode.AUTOMATIC, .5, Expansion.ALL).isExact(Expansion.EXACT_FEATURES + 1))
                .isFalse();
    }

    @Test
    void shouldRefuseWhenALimitMakesNoSense() {
        assertThatThrownBy(() -> Expansion.bounded(1)).hasMessageContaining("epsilon is 1.0");
        assertThatThrownBy(() -> Expansion.bounded(Double.NaN)).hasMessageContaining("epsilon is NaN");
        assertThatThrownBy(() -> new Expansion(Mode.EXACT, 0, 0)).hasMessageContaining("max features is 0");
    }

    private static double weight(AttributionGraph graph) {
        return IntStream.range(0, graph.nodes().count())
                .mapToDouble(graph.nodes()::weight)
                .sum();
    }

    /** Rounding apart: influence is a sum of some thousand terms in double of shares in single precision. */
    private static void assertMissesAtMost(double bound, AttributionGraph exact, AttributionGraph other) {
        double[] all = Influence.of(exact);
        double[] some = Influence.of(other);
        for (int i = 0; i < all.length; i++) {
            assertThat(all[i] - some[i]).as(exact.nodes().id(i)).isBetween(-1e-6, bound + 1e-6);
        }
    }
}
