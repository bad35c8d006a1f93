package io.circuitstream.circuits.truth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Circuits that are known, and how well graphs find them. */
class GroundTruthTest {
    private static final List<Measured> MEASURED = new ArrayList<>();

    @TempDir
    static Path folder;

    @BeforeAll
    static void measure() throws IOException {
        MEASURED.clear();
        for (Mechanism mechanism : Mechanism.values()) {
            for (Kind kind : Kind.values()) {
                MEASURED.add(Measured.of(mechanism, kind, folder.resolve(mechanism.name() + kind)));
            }
        }
    }

    static List<Measured> measured() {
        return MEASURED;
    }

    /** Otherwise there is no truth. */
    @ParameterizedTest
    @MethodSource("measured")
    void shouldAnswerWhatTheMechanismSaysWhenGivenAnyInput(Measured measured) {
        assertThat(measured.outcomes()).allSatisfy(outcome -> assertThat(outcome.said())
                .as("%s", outcome.task().prompt())
                .isEqualTo(outcome.task().answer()));
    }

    @ParameterizedTest
    @MethodSource("measured")
    void shouldConserveWhenAttributed(Measured measured) {
        assertThat(measured.outcomes())
                .allSatisfy(outcome -> assertThat(outcome.conservation()).isLessThan(1e-5));
    }

    @ParameterizedTest
    @MethodSource("measured")
    void shouldRankTheCircuitsNodesFirstWhenScoredByInfluence(Measured measured) {
        assertThat(measured.mean(Outcome::nodes)).isGreaterThanOrEqualTo(.98);
    }

    @ParameterizedTest
    @MethodSource("measured")
    void shouldRankTheCircuitsEdgesFirstWhenScoredAsForPruning(Measured measured) {
        assertThat(measured.mean(Outcome::edges)).isGreaterThanOrEqualTo(.98);
    }

    @ParameterizedTest
    @MethodSource("measured")
    void shouldRankNothingWhenScoresAreRandom(Measured measured) {
        assertThat(measured.mean(Outcome::randomNodes)).isCloseTo(.5, within(.1));
        assertThat(measured.mean(Outcome::randomEdges)).isCloseTo(.5, within(.1));
    }

    @ParameterizedTest
    @MethodSource("measured")
    void shouldFollowTheMechanismWhenAPathIsTheStrongest(Measured measured) {
        assertThat(measured.outcomes()).allSatisfy(outcome -> assertThat(outcome.truePaths())
                .as("%s", outcome.paths())
                .isTrue());
    }

    @ParameterizedTest
    @MethodSource("measured")
    void shouldMissNoMiddleNodeWhenTheTranscoderHasIt(Measured measured) {
        assertThat(measured.share(Outcome::inGraph)).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("measured")
    void shouldBeSilentWhenAFeatureBelongsToAnotherFact(Measured measured) {
        assertThat(measured.outcomes())
                .allSatisfy(outcome -> assertThat(outcome.strangers()).isEmpty());
    }

    @Test
    void shouldEqualThePageWhenMeasured() throws IOException {
        Page.check("measured", Page.measured(MEASURED));
    }
}
