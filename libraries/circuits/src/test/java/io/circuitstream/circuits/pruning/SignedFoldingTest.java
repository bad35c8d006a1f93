package io.circuitstream.circuits.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.GoldenGraph;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.SparseRows;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** That the scores are those of the dense matrix is in {@link PrunerOracleTest}. */
class SignedFoldingTest {
    private static final int GRAPHS = 400;

    private final Random random = new Random(79);

    private PruningOptions options() {
        // Off the multiples of small fractions: on them rounding decides, and the oracle rounds elsewhere.
        return new PruningOptions(.05 + .949 * random.nextDouble(), .05 + .949 * random.nextDouble());
    }

    @Test
    void shouldFlatterWhenEffectsCancel() {
        int flattered = 0;
        for (int seed = 0; seed < GRAPHS; seed++) {
            PrunedGraph circuit = Pruner.prune(RandomGraph.draw(seed).graph(), options());
            double absolute = circuit.foldedScores().completeness();
            assertThat(circuit.signedScores().completeness()).isGreaterThanOrEqualTo(absolute - 1e-12);
            flattered += circuit.signedScores().completeness() > absolute + .01 ? 1 : 0;
        }
        assertThat(flattered).isGreaterThan(GRAPHS / 20);
    }

    /** A fifth of each row is not stored, and all weights have one sign: nothing cancels. */
    @Test
    void shouldBeTheAbsoluteScoresWhenNothingCancels() {
        AttributionGraph golden = GoldenGraph.graph();
        SparseRows rows = golden.rows();
        float[] absSum = rows.absSum().clone();
        for (int r = 0; r < absSum.length; r++) {
            absSum[r] *= 1.25f;
        }
        PrunedGraph circuit = Pruner.prune(
                AttributionGraph.ofRows(
                        golden.nodes(),
                        new SparseRows(
                                rows.rowNode(),
                                rows.rowPtr(),
                                rows.col(),
                                rows.val(),
                                absSum,
                                rows.bias(),
                                rows.value())),
                PruningOptions.DEFAULT);

        PrunedGraph.Scores signed = circuit.signedScores();

        assertThat(signed.completeness()).isCloseTo(circuit.foldedScores().completeness(), within(1e-12));
        assertThat(signed.replacement()).isCloseTo(circuit.foldedScores().replacement(), within(1e-12));
        assertThat(signed.completeness())
                .isLessThan(Pruner.prune(golden, PruningOptions.DEFAULT)
                                .signedScores()
                                .completeness()
                        - .05);
    }
}
