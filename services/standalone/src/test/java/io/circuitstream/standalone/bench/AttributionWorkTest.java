package io.circuitstream.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.replacement.ActiveFeatures;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.replacement.TraceableModel;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttributionWorkTest {
    private static final Path FOLDER = Path.of("..", "..", "models", "tiny-ten");
    private static final int LAYERS = 6;
    private static final double WIDTH = 128;
    private static final double HEADS = 4 * 32;
    /** Through W_O and W_V. */
    private static final double PROJECTION = WIDTH * 2 * HEADS;

    @Test
    void shouldCountLayersBelowAndPositionsBeforeWhenCounting() {
        try (TraceableModel traceable = TraceableModel.load(FOLDER, FOLDER.resolve("clt"), 1);
                LocalReplacementModel local = traceable.local(new int[] {1, 5, 9})) {
            AttributionWork work = AttributionWork.of(local, features(), feature -> true, 1);

            // One feature at layer 1, position 2; one at layer 0, position 1; one logit at the last position.
            // At its own layer a feature's projections are of one position, and spread over 3 and 2 by four heads.
            double projections = (1 * 3 + LAYERS * 3) * PROJECTION + 2 * PROJECTION;
            double patterns = (1 * 6 + LAYERS * 6) * HEADS + (3 + 2) * 4 * WIDTH;
            // Error and constant everywhere, and the features: at layer 0 one, at the layers above two.
            double atLayer0 = (3 * 2 + 1) * WIDTH;
            double above = (3 * 2 + 2) * WIDTH;
            double contractions = (3 * WIDTH + atLayer0) + 2 * WIDTH + (3 * WIDTH + atLayer0 + (LAYERS - 1) * above);
            assertThat(work.projections()).isCloseTo(projections, within(1e-9));
            assertThat(work.patterns()).isCloseTo(patterns, within(1e-9));
            assertThat(work.contractions()).isCloseTo(contractions, within(1e-9));
            assertThat(work.operations()).isCloseTo(2 * (projections + patterns + contractions), within(1e-6));
        }
    }

    /** A L d (T d + T²/6 + A/6) of docs/scaling.md. */
    @ParameterizedTest
    @CsvSource({"16, 2", "48, 1", "48, 8"})
    void shouldBeNearTheFormulaOnPaperWhenFeaturesAreSpreadEvenly(int positions, int each) {
        int[] tokens = new int[positions];
        Arrays.fill(tokens, 1);
        try (TraceableModel traceable = TraceableModel.load(FOLDER, FOLDER.resolve("clt"), 1);
                LocalReplacementModel local = traceable.local(tokens)) {
            double active = LAYERS * positions * each;
            double paper = active * LAYERS * WIDTH * (positions * WIDTH + positions * positions / 6.0 + active / 6);

            double exact = AttributionWork.of(local, spread(positions, each), feature -> true, 0)
                    .operations();

            // Sums over layers and positions are taken for integrals: half a layer of six and a position of sixteen.
            assertThat(exact / paper).isBetween(.75, 1.25);
        }
    }

    /** So many features at every layer and position. */
    private static ActiveFeatures spread(int positions, int each) {
        int count = LAYERS * positions * each;
        int[] layer = new int[count];
        int[] position = new int[count];
        int[] offsets = new int[LAYERS + 1];
        for (int f = 0; f < count; f++) {
            layer[f] = f / (positions * each);
            position[f] = f / each % positions;
            offsets[layer[f] + 1] = f + 1;
        }
        return new ActiveFeatures(layer, position, new int[count], new float[count], offsets);
    }

    private static ActiveFeatures features() {
        return new ActiveFeatures(
                new int[] {0, 1}, new int[] {1, 2}, new int[] {3, 4}, new float[] {1, 1}, new int[] {0, 1, 2, 2, 2, 2, 2
                });
    }
}
