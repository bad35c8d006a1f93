package io.circuitstream.circuits.attribution;

import static io.circuitstream.circuits.attribution.AttributionOptions.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.TinyTest;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowStoreTest extends TinyTest {
    /** Features only. */
    private static Nodes nodes(int features) {
        int[] zeros = new int[features];
        return new Nodes(
                0,
                0,
                new int[0],
                List.of(),
                new ActiveFeatures(zeros, zeros, zeros, new float[features], new int[] {0}),
                new float[0],
                List.of());
    }

    private static void put(RowStore store, RowStore.Target target, float... effects) {
        store.put(target, effects, new double[effects.length], new RowScratch(effects.length));
    }

    private static float cut(float[] sizes, double budget) {
        return RowCut.cut(sizes, sizes.length, budget);
    }

    @Test
    void shouldCutBelowTheBudgetWhenSizesAreSummedFromTheSmallest() {
        assertThat(cut(new float[] {4, 1, 2, 8}, 0)).isZero();
        assertThat(cut(new float[] {4, 1, 2, 8}, .99)).isZero();
        assertThat(cut(new float[] {4, 1, 2, 8}, 1)).isEqualTo(1);
        assertThat(cut(new float[] {4, 1, 2, 8}, 6.9)).isEqualTo(2);
        assertThat(cut(new float[] {4, 1, 2, 8}, 7)).isEqualTo(4);
        assertThat(cut(new float[0], 1)).isZero();
    }

    @Test
    void shouldTreatEqualSizesAlikeWhenNotAllFitTheBudget() {
        assertThat(cut(new float[] {2, 1, 2, 2}, 3)).isEqualTo(1);
        assertThat(cut(new float[] {2, 1, 2, 2}, 7)).isEqualTo(2);
    }

    @Test
    void shouldKeepExactSumsBesideTheRowWhenEntriesAreDropped() {
        RowStore store = new RowStore(nodes(6), .2, UNLIMITED);
        put(store, new RowStore.Target(5, 3, 0, -1, 1), 0, -6, 1, 2, -1, 0);
        put(store, new RowStore.Target(0, 2, 0, 2, 1), 0, 0, 0, 0, 0, 0);
        SparseRows rows = store.build();
        assertThat(rows.rowNode()).containsExactly(0, 5);
        assertThat(rows.rowPtr()).containsExactly(0, 0, 2);
        assertThat(rows.col()).containsExactly(1, 3);
        assertThat(rows.val()).containsExactly(-6, 2);
        assertThat(rows.absSum()).containsExactly(0, 10);
        assertThat(rows.bias()).containsExactly(2, 3);
        assertThat(rows.value()).containsExactly(2, -1);
        assertThat(store.conservationError()).isZero();
    }

    @Test
    void shouldReportTheWorstRowWhenOneIsNotConserved() {
        RowStore store = new RowStore(nodes(2), 0, UNLIMITED);
        put(store, new RowStore.Target(0, 9, -5, 6, 1), 3, -1);
        put(store, new RowStore.Target(1, 9, -5, 5, 1), 3, -1);
        assertThat(store.conservationError()).isCloseTo(1 / 18., within(1e-15));
    }

    @ParameterizedTest
    @ValueSource(doubles = {.001, .01, .2})
    void shouldDropOnlyTheSmallestEntriesWithinTheShareWhenAGraphIsComputed(double share) {
        AttributionGraph exact = graph(EXACT, PROMPT);
        AttributionGraph cut = graph(AttributionOptions.ofTokens(10, .95, new int[0], share), PROMPT);
        assertThat(cut.rows().col().length)
                .isLessThan(exact.rows().col().length)
                .isPositive();
        assertThat(cut.rows().absSum()).isEqualTo(exact.rows().absSum());
        assertThat(cut.rows().bias()).isEqualTo(exact.rows().bias());
        for (int r = 0; r < exact.rows().count(); r++) {
            int target = exact.rows().rowNode()[r];
            double dropped = 0;
            float largestDropped = 0;
            float smallestKept = Float.MAX_VALUE;
            for (int e = exact.rows().begin(r); e < exact.rows().end(r); e++) {
                float kept = cut.rows().get(target, exact.rows().col()[e]);
                float size = Math.abs(exact.rows().val()[e]);
                if (kept == 0) {
                    dropped += size;
                    largestDropped = Math.max(largestDropped, size);
                } else {
                    assertThat(kept).isEqualTo(exact.rows().val()[e]);
                    smallestKept = Math.min(smallestKept, size);
                }
            }
            assertThat(dropped)
                    .isLessThanOrEqualTo((share + 1e-6) * exact.rows().absSum()[r]);
            assertThat(largestDropped).isLessThan(smallestKept);
        }
    }

    /** Influence is a sum over paths of shares: at most L+1 rows of a path can each have lost their share. */
    @Test
    void shouldLoseAtMostTheShareOfEveryStepWhenEntriesAreDropped() {
        double share = .001;
        double[] exact = Influence.of(graph(EXACT, PROMPT));
        double[] cut = Influence.of(graph(AttributionOptions.ofTokens(10, .95, new int[0], share), PROMPT));
        double worst = 0;
        for (int i = 0; i < exact.length; i++) {
            assertThat(cut[i]).isLessThanOrEqualTo(exact[i] + 1e-9);
            worst = Math.max(worst, exact[i] - cut[i]);
        }
        assertThat(worst).isPositive().isLessThan(share * (model.config().layers() + 1));
    }

    /** Whole numbers, so that sums are exact in any order. */
    @Test
    void shouldCutWhereSortingWouldWhenSizesAreRandomSortedOrEqual() {
        Random random = new Random(9);
        for (int round = 0; round < 2000; round++) {
            int n = random.nextInt(60);
            int distinct = 1 + random.nextInt(40);
            float[] sizes = new float[n];
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sizes[i] = 1 + random.nextInt(distinct);
                sum += sizes[i];
            }
            if (round % 3 == 0) {
                Arrays.sort(sizes);
            }
            double budget = Math.floor(random.nextDouble() * (sum + 2));

            float expected = 0;
            for (float size : sizes) {
                double upTo = 0;
                for (float other : sizes) {
                    upTo += other <= size ? other : 0;
                }
                expected = upTo <= budget ? Math.max(expected, size) : expected;
            }
            assertThat(cut(sizes, budget)).as("round %d", round).isEqualTo(expected);
        }
    }

    @Test
    void shouldKeepExactlyWhatALineByLineOracleKeepsWhenRowsAreRandom() {
        Random random = new Random(6);
        for (int round = 0; round < 200; round++) {
            float[] row = new float[40];
            for (int s = 0; s < row.length; s++) {
                row[s] = Math.round(random.nextDouble(-1, 1) * 8) / 8f;
            }
            double share = random.nextDouble() / 2;
            RowStore store = new RowStore(nodes(40), share, UNLIMITED);
            put(store, new RowStore.Target(39, 0, 0, 0, 1), row);
            double sum = 0;
            for (double v : row) {
                sum += Math.abs(v);
            }
            int expected = 0;
            for (double v : row) {
                double upTo = 0;
                for (double u : row) {
                    upTo += Math.abs(u) <= Math.abs(v) ? Math.abs(u) : 0;
                }
                expected += v != 0 && upTo > share * sum ? 1 : 0;
            }
            assertThat(store.build().col()).as("round %d", round).hasSize(expected);
        }
    }
}
