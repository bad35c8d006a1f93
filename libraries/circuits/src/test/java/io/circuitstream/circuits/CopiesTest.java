package io.circuitstream.circuits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.intervention.Change;
import io.circuitstream.circuits.intervention.Change.Layers;
import io.circuitstream.circuits.intervention.Interventions;
import io.circuitstream.circuits.intervention.Interventions.Moved;
import io.circuitstream.circuits.intervention.Mode;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes of one prompt that run beside one another do what each does alone, but for rounding. */
class CopiesTest {
    static Stream<Arguments> familiesAndTranscoders() {
        return ArchitectureTest.models()
                .flatMap(model -> Stream.of("clt", "plt-skip").map(transcoder -> Arguments.of(model, transcoder)));
    }

    @ParameterizedTest
    @MethodSource("familiesAndTranscoders")
    void shouldMoveAsMuchBesideOthersAsAlone(String name, String transcoder) {
        Path folder = ArchitectureTest.FIXTURES.resolve(name);
        try (LanguageModel model = LanguageModel.load(folder);
                Transcoder used = TranscoderFiles.load(folder.resolve(transcoder));
                LocalReplacementModel local = LocalReplacementModel.build(model, used, ArchitectureTest.prompt(name))) {
            int middle = local.features().count() / 2;
            List<Change> changes = List.of(
                    Change.feature(local, 0, 0, Layers.ALL_WRITTEN),
                    Change.feature(local, middle, 9, Layers.OWN),
                    Change.feature(local, middle / 2, -5, Layers.ALL_WRITTEN));
            Interventions interventions = new Interventions(local);
            int[] watched = IntStream.range(0, local.features().count()).toArray();
            Readout readout = new Readout.Token(3);
            for (Mode mode : List.of(
                    Mode.DIRECT,
                    Mode.MODEL,
                    new Mode.Model(true, true),
                    new Mode.Constrained(0, 1, true),
                    new Mode.Constrained(0, 0, false))) {
                List<Moved> together = interventions.run(changes, mode, readout, watched);
                double moved = 0;
                for (int i = 0; i < changes.size(); i++) {
                    Moved one = interventions
                            .run(changes.subList(i, i + 1), mode, readout, watched)
                            .get(0);
                    double alone = one.target();
                    assertThat(together.get(i).features()).containsExactly(one.features(), within(1e-4));
                    moved += Math.abs(alone);
                    assertThat(together.get(i).target())
                            .as("%s, change %d", mode, i)
                            .isCloseTo(alone, within(1e-5 * Math.max(1, Math.abs(alone))));
                }
                assertThat(moved).as(mode.toString()).isGreaterThan(1e-4);
            }
        }
    }
}
