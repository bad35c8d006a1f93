package io.circuitstream.circuits.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.circuitstream.circuits.TinyTest;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitedRowsTest extends TinyTest {
    private static final int[] LONG =
            IntStream.range(0, 40).map(i -> i == 0 ? 1 : 2 + i * 7 % 38).toArray();

    /** Far below what the graph has, so that the least are left out several times on the way. */
    @ParameterizedTest
    @ValueSource(longs = {20_000, 100_000, 1_000_000})
    void shouldKeepTheEntriesThatCarryMostWhenRowsAreLimited(long limit) {
        AttributionGraph all = graph(EXACT, LONG);
        AttributionGraph some = graph(EXACT.withMaxBytes(limit), LONG);

        SparseRows rows = some.rows();
        assertThat(24L * rows.count() + 8L * rows.col().length).isBetween(limit * 9 / 10, limit);
        assertThat(some.omissions().leftOutEdges()).isEqualTo(all.rows().col().length - rows.col().length);
        double[] influence = Influence.of(all);
        double leastKept = Double.MAX_VALUE;
        double mostLeftOut = 0;
        double leftOut = 0;
        for (int r = 0; r < all.rows().count(); r++) {
            int target = all.rows().rowNode()[r];
            double total = influence[target] + all.nodes().weight(target);
            for (int e = all.rows().begin(r); e < all.rows().end(r); e++) {
                double score = total * all.rows().share(r, e);
                if (rows.get(target, all.rows().col()[e]) != 0) {
                    leastKept = Math.min(leastKept, score);
                } else {
                    mostLeftOut = Math.max(mostLeftOut, score);
                    leftOut += score;
                }
            }
        }
        // A bucket of the histogram is a 4,096th of an octave wide.
        assertThat(mostLeftOut).isPositive().isLessThan(leastKept * (1 + 1e-3));
        // Shares of sums in single precision.
        assertThat(some.omissions().leftOutInfluenceBound()).isCloseTo(leftOut, withinPercentage(1e-3));
    }

    @ParameterizedTest
    @ValueSource(longs = {20_000, 100_000, 1_000_000})
    void shouldMissNoMoreThanTheBoundWhenRowsAreLimited(long limit) {
        AttributionGraph all = graph(EXACT, LONG);
        AttributionGraph some = graph(EXACT.withMaxBytes(limit), LONG);

        double[] whole = Influence.of(all);
        double[] part = Influence.of(some);
        double bound = some.omissions().leftOutInfluenceBound();
        for (int i = 0; i < whole.length; i++) {
            assertThat(whole[i] - part[i]).as(all.nodes().id(i)).isBetween(-1e-9, bound + 1e-9);
        }
        assertThat(bound).isPositive();
        assertThat(some.scores()).isEqualTo(all.scores());
    }

    @Test
    void shouldScoreAsTheStoredRowsDoWhenNothingIsLeftOut() {
        AttributionGraph graph = graph(AttributionOptions.DEFAULT, LONG);

        double[] influence = Influence.of(graph);
        assertThat(graph.scores().replacement())
                .isCloseTo(Influence.replacementScore(graph.nodes(), influence), within(1e-12));
        assertThat(graph.scores().completeness())
                .isCloseTo(Influence.completenessScore(graph, influence), within(1e-12));
    }

    @Test
    void shouldGiveTheSameBytesWhenThreadsDiffer() {
        int before = TensorRuntime.threads();
        try (LocalReplacementModel local = LocalReplacementModel.build(model, transcoder, LONG)) {
            for (long limit : new long[] {AttributionOptions.UNLIMITED, 50_000}) {
                AttributionOptions options = EXACT.withMaxBytes(limit);
                TensorRuntime.start(1);
                AttributionGraph one = Attributor.attribute(local, options, RowProgress.NONE);
                TensorRuntime.start(3);
                AttributionGraph three = Attributor.attribute(local, options, RowProgress.NONE);
                assertThat(Arrays.equals(three.rows().col(), one.rows().col())).isTrue();
                assertThat(Arrays.equals(three.rows().val(), one.rows().val())).isTrue();
                assertThat(Arrays.equals(three.rows().absSum(), one.rows().absSum()))
                        .isTrue();
                assertThat(three.omissions()).isEqualTo(one.omissions());
                assertThat(three.scores()).isEqualTo(one.scores());
            }
        } finally {
            TensorRuntime.start(Math.max(1, before));
        }
    }
}
