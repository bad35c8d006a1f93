package io.circuitstream.circuits.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.LogitTarget;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.pruning.Supernode.Reason;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Features 0–4: 0/5@0, 0/5@1, 0/7@1, 0/8@1, 1/1@1; errors 5–8; tokens 9, 10; logit 11. */
class SupernodeProposalsTest {
    /** Sources and weights of the rows of 0–4 and 11. */
    private static final int[][] SOURCES = {{9}, {9, 10}, {9, 10}, {9, 10}, {0, 1, 2, 3}, {0, 1, 2, 3, 4}};

    private static float[][] weights() {
        return new float[][] {{10}, {1, 10}, {2, 4}, {1, 2.1f}, {1, 5, 4, 2}, {1, 1, 6, 3.05f, 5}};
    }

    private static PrunedGraph circuit(int[] tokenIds, float[][] weights) {
        int[] rowNode = {0, 1, 2, 3, 4, 11};
        long[] rowPtr = new long[7];
        float[] absSum = new float[6];
        float[] val = new float[Arrays.stream(SOURCES).mapToInt(s -> s.length).sum()];
        int at = 0;
        for (int r = 0; r < 6; r++) {
            for (float weight : weights[r]) {
                val[at++] = weight;
                absSum[r] += Math.abs(weight);
            }
            rowPtr[r + 1] = at;
        }
        Nodes nodes = new Nodes(
                2,
                0,
                tokenIds,
                List.of("a", "b"),
                new ActiveFeatures(
                        new int[] {0, 0, 0, 0, 1},
                        new int[] {0, 1, 1, 1, 1},
                        new int[] {5, 5, 7, 8, 1},
                        new float[] {1, 1, 1, 1, 1},
                        new int[] {0, 4, 5}),
                new float[4],
                List.of(new LogitTarget(3, "c", 1)));
        int[] col = Arrays.stream(SOURCES).flatMapToInt(Arrays::stream).toArray();
        SparseRows rows = new SparseRows(rowNode, rowPtr, col, val, absSum, new float[6], new float[6]);
        return Pruner.prune(AttributionGraph.ofRows(nodes, rows), new PruningOptions(1, 1));
    }

    @Test
    void shouldProposeOneFeatureAtSeveralPositionsAndAlikeProfilesWhenTheyAreInTheCircuit() {
        List<Supernode> proposals = SupernodeProposals.of(circuit(new int[] {7, 8}, weights()));

        assertThat(proposals).extracting(Supernode::reason).containsExactly(Reason.SAME_FEATURE, Reason.SAME_PROFILE);
        assertThat(proposals.get(0).nodes()).containsExactly(0, 1);
        assertThat(proposals.get(0).similarity()).isEqualTo(1);
        assertThat(proposals.get(1).nodes()).containsExactly(2, 3);
        // Reads (2, 4) and (1, 2.1), feeds (4, 6) and (2, 3.05): the former are the less alike.
        assertThat(proposals.get(1).similarity()).isCloseTo(10.4 / Math.sqrt(20 * 5.41), within(1e-6));
    }

    @Test
    void shouldNotProposeAProfileWhenOneOfTheTwoInhibits() {
        float[][] weights = weights();
        weights[4][3] = -2;
        weights[5][3] = -3.05f;

        assertThat(SupernodeProposals.of(circuit(new int[] {7, 8}, weights)))
                .extracting(Supernode::reason)
                .containsExactly(Reason.SAME_FEATURE);
    }

    @Test
    void shouldNotProposeAProfileWhenTheyOnlyFeedTheSame() {
        float[][] weights = weights();
        weights[3][0] = -2;
        weights[3][1] = 1;

        assertThat(SupernodeProposals.of(circuit(new int[] {7, 8}, weights)))
                .extracting(Supernode::reason)
                .containsExactly(Reason.SAME_FEATURE);
    }

    /** Both read the token 7, at positions 0 and 1; what they feed is made alike. */
    @Test
    void shouldLookAcrossPositionsWhenProfilesAreCompared() {
        float[][] weights = weights();
        weights[4][0] = 4;
        weights[5][0] = 6;

        assertThat(SupernodeProposals.of(circuit(new int[] {7, 8}, weights))
                        .get(1)
                        .nodes())
                .containsExactly(2, 3);
        // Reads add up over the positions of a token: all of 0, 2 and 3 read nothing but it.
        assertThat(SupernodeProposals.of(circuit(new int[] {7, 7}, weights))
                        .get(1)
                        .nodes())
                .containsExactly(0, 2, 3);
    }

    @Test
    void shouldProposeNothingWhenTheCircuitHasNoFeatures() {
        PrunedGraph whole = circuit(new int[] {7, 8}, weights());
        boolean[] kept = new boolean[12];
        Arrays.fill(kept, 9, 12, true);
        PrunedGraph none = Pruner.prune(whole.graph(), whole.influence(), whole.score(), kept, 1);

        assertThat(SupernodeProposals.of(none)).isEmpty();
    }
}
