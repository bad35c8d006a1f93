package io.circuitstream.circuits.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.TinyFeatures;
import io.circuitstream.circuits.TinyTest;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every change of the engine must pass, for everything that a model can be decomposed with. */
class ExactnessTest extends TinyTest {
    @TempDir
    Path folder;

    private void check(TinyFeatures features, Consumer<Exactness> check) throws IOException {
        try (Transcoder used = features.open(folder, model);
                LocalReplacementModel local = LocalReplacementModel.build(model, used, PROMPT)) {
            AttributionGraph graph = Attributor.attribute(local, EXACT, RowProgress.NONE);
            assertThat(graph.nodes().featureCount()).isGreaterThan(100);
            check.accept(new Exactness(local, graph, 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldConserveEveryRowWhenBiasesAreCounted(TinyFeatures features) throws IOException {
        check(features, Exactness::assertConserved);
    }

    @ParameterizedTest
    @EnumSource
    void shouldMoveEverythingByItsColumnWhenAFeatureIsDoubled(TinyFeatures features) throws IOException {
        check(features, Exactness::assertFeaturesPredict);
    }

    @ParameterizedTest
    @EnumSource
    void shouldMoveEverythingByItsColumnWhenAnErrorOrTokenIsAddedOnceMore(TinyFeatures features) throws IOException {
        check(features, Exactness::assertErrorsAndTokensPredict);
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeLinearWhenEverythingIsFrozen(TinyFeatures features) throws IOException {
        check(features, Exactness::assertLinear);
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaveNoEdgeFromLaterPositionsOrLayersWhenTheModelIsCausal(TinyFeatures features) throws IOException {
        check(features, Exactness::assertCausal);
    }

    @ParameterizedTest
    @EnumSource
    void shouldSumInfluencesToOnePerLogitWhenLeavesAreCounted(TinyFeatures features) throws IOException {
        check(features, Exactness::assertInfluenceReachesLeaves);
    }
}
