package io.circuitstream.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class TimeLeftTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void shouldWeighBothSortsWhenGraphsTakeLonger() {
        TimeLeft left = left();

        left.measured(true, 5 * SECOND);
        left.measured(false, SECOND);

        // One with a graph and two without are left, on two threads.
        assertThat(left.seconds()).isEqualTo((5 + 2 * 1) / 2., within(1e-9));
    }

    @Test
    void shouldTakeOneSortForTheOtherWhenOnlyOneWasMeasured() {
        TimeLeft left = left();

        left.measured(true, 5 * SECOND);

        assertThat(left.seconds()).isEqualTo(4 * 5 / 2., within(1e-9));
    }

    /** Five documents, the first two with graphs. */
    private static TimeLeft left() {
        BitSet graphs = new BitSet();
        graphs.set(0, 2);
        return new TimeLeft(graphs, 5, 2);
    }
}
