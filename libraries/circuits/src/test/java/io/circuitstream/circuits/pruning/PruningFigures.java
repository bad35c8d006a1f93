package io.circuitstream.circuits.pruning;

import io.circuitstream.circuits.SyntheticGraph;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Influence;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A measurement, not a test: pruning on one thread, against the time in which memory yields the rows once, against sorting every
 * edge score, and against the dense power iteration. Run it by {@code ./circuitstream test -pl libraries/circuits -am
 * -Dtest=PruningFigures -Dtest.excluded= -Dsurefire.failIfNoSpecifiedTests=false}; what it prints is in {@code
 * libraries/circuits/target/surefire-reports}.
 */
@Tag("benchmark")
class PruningFigures {
    private static final PruningOptions ALL = new PruningOptions(1, 1);

    private double bytesPerMs;
    private int sink;

    private record Times(double median, double least, double most) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%8.2f ms (%.2f to %.2f)", median, least, most);
        }
    }

    @Test
    void measure() {
        float[] large = new float[64_000_000];
        bytesPerMs = 4L * large.length / time("reading 256 MB", 15, () -> bits(large)).median;
        System.out.printf(Locale.ROOT, "memory bandwidth, one thread: %.1f GB/s%n%n", bytesPerMs / 1e6);
        sparse(SyntheticGraph.of(1, 10_000, 32, 5_000_000), 25, true);
        sparse(SyntheticGraph.of(1, 60_000, 128, 51_000_000), 7, false);
        dense(SyntheticGraph.undropped(SyntheticGraph.of(1, 8_000, 32, 3_200_000)));
        // What nobody reads need not be computed.
        System.out.printf("(%x)%n", sink);
    }

    private static int bits(float[] values) {
        int a = 0;
        int b = 0;
        int c = 0;
        int d = 0;
        for (int i = 0; i + 3 < values.length; i += 4) {
            a += Float.floatToRawIntBits(values[i]);
            b += Float.floatToRawIntBits(values[i + 1]);
            c += Float.floatToRawIntBits(values[i + 2]);
            d += Float.floatToRawIntBits(values[i + 3]);
        }
        return a ^ b ^ c ^ d;
    }

    private void sparse(AttributionGraph graph, int rounds, boolean alsoSorted) {
        int edges = graph.rows().col().length;
        PrunedGraph circuit = Pruner.prune(graph, PruningOptions.DEFAULT);
        System.out.printf(
                "%,d nodes, %,d stored edges; the circuit: %,d nodes, %,d edges%n",
                graph.nodes().count(), edges, circuit.nodes().length, circuit.edgeCount());
        double floor = 8. * edges / bytesPerMs;
        System.out.printf(Locale.ROOT, "  %-40s %8.2f ms%n", "floor: sources and effects read once", floor);
        Times prune = time("  Pruner.prune", rounds, () -> Pruner.prune(graph, PruningOptions.DEFAULT));
        System.out.printf(Locale.ROOT, "  %-40s %8.1f times the floor%n", "", prune.median / floor);
        time("    of that Influence.of", rounds, () -> Influence.of(graph));
        time("    of that Thresholds.cumulativeShares", rounds, () -> Thresholds.cumulativeShares(circuit.influence()));
        time("  Pruner.prune, thresholds 1", rounds, () -> Pruner.prune(graph, ALL));
        time("  PrunedGraph.foldedScores", rounds, circuit::foldedScores);
        int logit = graph.nodes().firstLogit();
        time("  Influence.totalEffect", rounds, () -> Influence.totalEffect(graph, logit));
        if (alsoSorted) {
            time("  every edge score sorted", 5, () -> new SortedPruner(graph, PruningOptions.DEFAULT));
            time("  every edge score sorted, thresholds 1", 5, () -> new SortedPruner(graph, ALL));
        }
        System.out.println();
    }

    private void dense(AttributionGraph graph) {
        DensePruner dense = new DensePruner(graph);
        System.out.printf(
                "%,d nodes, %,d stored edges%n",
                graph.nodes().count(), graph.rows().col().length);
        Times influence = time("  Influence.of", 25, () -> Influence.of(graph));
        float[] hat = dense.normalised();
        ratio(time("  dense power iteration, float32", 5, () -> dense.influence(hat)), influence);
        time("  the matrix for it", 5, dense::normalised);
        Times prune = time("  Pruner.prune", 25, () -> Pruner.prune(graph, PruningOptions.DEFAULT));
        ratio(time("  dense pruning, float32", 5, () -> dense.prune(PruningOptions.DEFAULT)), prune);
    }

    private static void ratio(Times slow, Times fast) {
        System.out.printf(Locale.ROOT, "  %-40s %8.1f times as long%n", "", slow.median / fast.median);
    }

    /** After a third as many rounds of warming up, and two at least. */
    private Times time(String what, int rounds, Supplier<Object> work) {
        for (int i = 0; i < Math.max(2, rounds / 3); i++) {
            sink += work.get().hashCode();
        }
        double[] ms = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            long begin = System.nanoTime();
            Object result = work.get();
            ms[i] = (System.nanoTime() - begin) / 1e6;
            sink += result.hashCode();
        }
        Arrays.sort(ms);
        Times times = new Times(ms[rounds / 2], ms[0], ms[rounds - 1]);
        System.out.printf("  %-40s %s%n", what.strip(), times);
        return times;
    }
}
