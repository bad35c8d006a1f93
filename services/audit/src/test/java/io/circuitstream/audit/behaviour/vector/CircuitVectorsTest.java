package io.circuitstream.audit.behaviour.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.audit.behaviour.Synthetic;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.CircuitPath;
import io.circuitstream.events.CircuitVector;
import io.circuitstream.events.Columns;
import io.circuitstream.events.LogitTarget;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.PruningCriterion;
import io.circuitstream.events.SupernodeProposal;
import io.circuitstream.events.SupernodeReason;
import io.circuitstream.platform.serde.Received;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CircuitVectorsTest {
    private static final Synthetic SYNTHETIC = new Synthetic("scan", 0, 96, 600);

    @Test
    void shouldBeTheLayoutOfTheSchema() {
        List<Float> values = vector(small()).getValues();

        assertThat(values).hasSize(VectorLayout.LENGTH);
        assertThat(values.subList(0, 12)).containsExactly(4f, 4f, 30f, 40f, 3f, 6f, 3f, 1f, 1f, 1f, 3f, .5f);
        assertThat(values.subList(12, 21)).containsExactly(.5f, .75f, .25f, .625f, .125f, .375f, .0625f, .8f, .98f);
        assertThat(values.subList(21, 24)).containsExactly(.5f, .75f, 2f);
        // Influence: features ¼ + ¼ + ½, error ½, token ½.
        assertThat(values.subList(24, 27)).containsExactly(.5f, .25f, .25f);
        // The first two are one feature at two positions: two equal shares.
        assertThat(values.get(27)).isCloseTo(2, within(1e-6f));
        assertThat(values.get(28)).isEqualTo(.5f);
        // Positions 1, 2, 3 have ¼, ¼ + ½, ½ of 1½.
        assertThat(values.get(29)).isCloseTo(2.749459f, within(1e-5f));
        assertThat(values.get(30)).isEqualTo(.5f);
        assertThat(values.get(31)).isCloseTo(1 / 3f, within(1e-6f));
        assertThat(values.get(32)).isEqualTo(.25f);
        // Depths 0, 0 and 1, half of the influence each.
        assertThat(values.subList(33, 35)).containsExactly(.5f, .5f);
        assertThat(values.subList(35, 40)).containsExactly(.5f, .75f, 3.5f, 10 / 3f, 2f);
        assertThat(values.subList(40, 44)).containsExactly(1f, 0f, 1f, .75f);
        assertThat(values.subList(44, 60))
                .containsExactly(.5f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, .5f, 0f, 0f, 0f);
        assertThat(values.get(60 + 8)).isEqualTo(1f);
    }

    /** Token at position 0, feature 5 of layer 0 at 1 and 2, an error of layer 2 at 2, feature 6 of layer 3 at 3, logit. */
    private static Circuit small() {
        return Circuit.newBuilder(SYNTHETIC.circuit("p", new Random(1)))
                .setTokenIds(List.of(1, 2, 3, 4))
                .setLayers(4)
                .setActiveFeatures(30)
                .setRows(40)
                .setStoredEdges(999)
                .setNodes(List.of(
                        node(NodeKind.TOKEN, -1, 0, 9, .5f, 8),
                        node(NodeKind.FEATURE, 0, 1, 5, .25f, 1),
                        node(NodeKind.FEATURE, 0, 2, 5, .25f, -1),
                        node(NodeKind.ERROR, 2, 2, -1, .5f, 8),
                        node(NodeKind.FEATURE, 3, 3, 6, .5f, 2),
                        node(NodeKind.LOGIT, 4, 3, 7, 0, 0)))
                .setEdgeSource(Columns.of(new int[] {0, 1, 2}))
                .setEdgeTarget(Columns.of(new int[] {1, 4, 4}))
                .setEdgeWeight(Columns.of(new float[] {1, -2, -1}))
                .setReplacementScore(.5)
                .setCompletenessScore(.75)
                .setCircuitReplacementScore(.25)
                .setCircuitCompletenessScore(.625)
                .setCircuitSignedReplacementScore(.125)
                .setCircuitSignedCompletenessScore(.375)
                .setSkippedInfluenceBound(.03125)
                .setLeftOutInfluenceBound(.03125)
                .setNodeThreshold(.8)
                .setEdgeThreshold(.98)
                .setTargets(List.of(
                        new LogitTarget(7, "a", .5f, null, null, null),
                        new LogitTarget(8, "b", .25f, null, null, null)))
                .setPaths(List.of(
                        new CircuitPath(List.of(0, 1, 5), .5, 1.), new CircuitPath(List.of(0, 1, 4, 5), .25, 1.)))
                .setSupernodes(List.of(new SupernodeProposal(SupernodeReason.SAME_FEATURE, List.of(1, 2), 1.)))
                .setCriterion(PruningCriterion.ELIMINATION)
                .build();
    }

    private static CircuitNode node(
            NodeKind kind, int layer, int position, int feature, float influence, float effect) {
        return new CircuitNode("n", kind, layer, position, feature, 1f, influence, 0f, effect);
    }

    @Test
    void shouldHaveMinusOneForWhatDoesNotExist() {
        Circuit empty =
                Circuit.newBuilder(SYNTHETIC.failed("p")).setTargets(List.of()).build();

        List<Float> values = vector(empty).getValues();

        assertThat(values).hasSize(VectorLayout.LENGTH).doesNotContain(Float.NaN);
        assertThat(List.of(
                        values.get(11), values.get(21), values.get(27), values.get(33), values.get(37), values.get(43)))
                .containsOnly(-1f);
        assertThat(values.subList(44, 76)).containsOnly(-1f);
    }

    @Test
    void shouldBeFiniteAndNotNegativeOtherwise() {
        for (long seed = 0; seed < 50; seed++) {
            assertThat(vector(SYNTHETIC.circuit("p", new Random(seed))).getValues())
                    .as("seed %d", seed)
                    .hasSize(VectorLayout.LENGTH)
                    .allSatisfy(
                            value -> assertThat(value).isGreaterThanOrEqualTo(0).isLessThan(10_000));
        }
    }

    @Test
    void shouldHaveTheSameBytesWhenTheCircuitHas() {
        Circuit circuit = SYNTHETIC.circuit("p", new Random(3));

        assertThat(Received.asWritten(vector(circuit)))
                .isEqualTo(Received.asWritten(vector(SYNTHETIC.circuit("p", new Random(3)))));
        CircuitVector vector = vector(circuit);
        assertThat(vector.getPromptId()).isEqualTo("p");
        assertThat(vector.getLayout()).isEqualTo(1);
        assertThat(vector.getProvenance().getScan()).isEqualTo("scan");
        assertThat(vector.getProvenance().getSource().getTopic()).isEqualTo("circuits");
        assertThat(vector.getProvenance().getSource().getSha256())
                .isEqualTo(Received.asWritten(circuit).sha256());
    }

    private static CircuitVector vector(Circuit circuit) {
        return CircuitVectors.of(Received.asWritten(circuit));
    }
}
