package io.circuitstream.circuits.truth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the transcoder lacks the intermediate result, the graph must lack it too, and say so. */
class GroundTruthControlsTest {
    private static final List<Deprived> DEPRIVED = new ArrayList<>();

    @TempDir
    static Path folder;

    @BeforeAll
    static void measure() throws IOException {
        DEPRIVED.clear();
        for (Mechanism mechanism : Mechanism.values()) {
            if (mechanism.tasks().stream().anyMatch(task -> mechanism.isMiddle(task.middle()))) {
                DEPRIVED.add(Deprived.of(mechanism, folder.resolve(mechanism.name())));
            }
        }
    }

    static List<Deprived> deprived() {
        return DEPRIVED;
    }

    @Test
    void shouldTakeTheMiddleFromEveryMechanismThatHasOneWhenControlled() {
        assertThat(DEPRIVED).hasSize(Mechanism.values().length - 1);
    }

    @ParameterizedTest
    @MethodSource("deprived")
    void shouldMissTheMiddleNodeWhenTheTranscoderLacksIt(Deprived deprived) {
        assertThat(deprived.pairs())
                .allSatisfy(pair -> assertThat(pair.without().inGraph()).isFalse());
    }

    @ParameterizedTest
    @MethodSource("deprived")
    void shouldGiveTheMiddlesInfluenceToItsErrorNodeWhenTheTranscoderLacksIt(Deprived deprived) {
        assertThat(deprived.pairs()).allSatisfy(pair -> {
            assertThat(pair.errorWith()).isLessThan(.01);
            assertThat(pair.errorWithout()).isGreaterThan(.5 * pair.influence());
        });
    }

    @ParameterizedTest
    @MethodSource("deprived")
    void shouldBeLessCompleteWhenTheTranscoderLacksTheMiddle(Deprived deprived) {
        assertThat(deprived.pairs()).allSatisfy(pair -> {
            assertThat(pair.completenessWith()).isGreaterThan(.98);
            assertThat(pair.completenessWith() - pair.completenessWithout()).isGreaterThan(.2 * pair.influence());
        });
    }

    @Test
    void shouldEqualThePageWhenControlled() throws IOException {
        Page.check("controls", Deprived.table(DEPRIVED));
    }
}
