package io.circuitstream.circuits;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.LogitTarget;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import java.util.Arrays;
import java.util.List;

/** The golden vector of circuits.md §4: twelve nodes, every weight 10. */
public final class GoldenGraph {
    private GoldenGraph() {}

    public static AttributionGraph graph() {
        int[][] sources = {{9}, {9, 10}, {}, {0, 1, 6}, {}, {1, 3, 6, 8}};
        int[] rowNode = {0, 1, 2, 3, 4, 11};
        long[] rowPtr = new long[7];
        for (int r = 0; r < 6; r++) {
            rowPtr[r + 1] = rowPtr[r] + sources[r].length;
        }
        int[] col = Arrays.stream(sources).flatMapToInt(Arrays::stream).toArray();
        float[] val = new float[col.length];
        Arrays.fill(val, 10);
        float[] absSum = new float[6];
        for (int r = 0; r < 6; r++) {
            absSum[r] = 10 * sources[r].length;
        }
        Nodes nodes = new Nodes(
                2,
                0,
                new int[] {7, 8},
                List.of("a", "b"),
                new ActiveFeatures(
                        new int[] {0, 0, 0, 1, 1},
                        new int[] {0, 0, 1, 0, 1},
                        new int[] {0, 1, 2, 3, 4},
                        new float[] {1, 1, 1, 1, 1},
                        new int[] {0, 3, 5}),
                new float[4],
                List.of(new LogitTarget(3, "c", 1)));
        return AttributionGraph.ofRows(
                nodes, new SparseRows(rowNode, rowPtr, col, val, absSum, new float[6], new float[6]));
    }
}
