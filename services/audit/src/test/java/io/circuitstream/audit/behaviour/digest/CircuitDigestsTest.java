package io.circuitstream.audit.behaviour.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.audit.behaviour.Synthetic;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.Columns;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.TrustVerdict;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class CircuitDigestsTest {
    private static final Synthetic SYNTHETIC = new Synthetic("scan", 0, 96, 600);
    private static final long A = NodeCode.of(NodeKind.FEATURE, 0, 5);
    private static final long B = NodeCode.of(NodeKind.FEATURE, 1, 6);
    private static final long TOKEN = NodeCode.of(NodeKind.TOKEN, -1, 99);
    private static final long LOGIT = NodeCode.of(NodeKind.LOGIT, 2, 3);

    @Test
    void shouldAddUpPositionsWhenAFeatureHasSeveral() {
        CircuitDigest digest = CircuitDigests.of(small());

        assertThat(digest.features()).containsExactly(A, B);
        assertThat(digest.influence()).containsExactly(Units.of(.375), Units.of(.5));
        assertThat(digest.edges())
                .containsExactly(new Edge(A, B), new Edge(A, LOGIT), new Edge(B, LOGIT), new Edge(TOKEN, A));
        // Into B: 1 and 3 from A's two positions, nothing else. Into the logit: 1 from A, 3 from B.
        assertThat(digest.share()).containsExactly(Units.of(1), Units.of(.25), Units.of(.75), Units.of(1));
        assertThat(digest.featuresLeftOut() + digest.edgesLeftOut()).isZero();
    }

    /** Token 0, A at positions 1 and 2, B, logit. */
    private static Circuit small() {
        List<CircuitNode> nodes = List.of(
                node(NodeKind.TOKEN, -1, 0, 99, .5f),
                node(NodeKind.FEATURE, 0, 1, 5, .25f),
                node(NodeKind.FEATURE, 0, 2, 5, .125f),
                node(NodeKind.FEATURE, 1, 2, 6, .5f),
                node(NodeKind.LOGIT, 2, 2, 3, 0));
        return Circuit.newBuilder(SYNTHETIC.circuit("p", new Random(1)))
                .setNodes(nodes)
                .setEdgeSource(Columns.of(new int[] {0, 1, 2, 2, 3}))
                .setEdgeTarget(Columns.of(new int[] {1, 3, 3, 4, 4}))
                .setEdgeWeight(Columns.of(new float[] {2, 1, -3, 1, -3}))
                .build();
    }

    private static CircuitNode node(NodeKind kind, int layer, int position, int feature, float influence) {
        return new CircuitNode("n", kind, layer, position, feature, 1f, influence, 0f, 1f);
    }

    @Test
    void shouldShareOutWhatFlowsIntoEveryTarget() {
        for (long seed = 0; seed < 20; seed++) {
            CircuitDigest digest = CircuitDigests.of(new Synthetic("scan", 0, 96, 200).circuit("p", new Random(seed)));
            Map<Long, Double> into = new HashMap<>();
            for (int e = 0; e < digest.edges().size(); e++) {
                into.merge(digest.edges().get(e).target(), Units.value(digest.share()[e]), Double::sum);
            }
            assertThat(into).as("seed %d", seed).hasSizeGreaterThan(50);
            assertThat(into.values()).as("seed %d", seed).allSatisfy(sum -> assertThat(sum)
                    .isBetween(.999, 1.001));
        }
    }

    @Test
    void shouldKeepTheStrongestEdgesAndCountTheOthersWhenThereAreTooMany() {
        Circuit circuit = new Synthetic("scan", 0, 1_200, 20_000).circuit("p", new Random(4));

        CircuitDigest digest = CircuitDigests.of(circuit);

        assertThat(digest.edges()).hasSize(CircuitDigest.MOST_EDGES).isSorted();
        assertThat(digest.edgesLeftOut()).isGreaterThan(10_000);
        assertThat(digest.edges()).extracting(Edge::target).contains(NodeCode.of(NodeKind.LOGIT, Synthetic.LAYERS, 7));
    }

    @Test
    void shouldBeFailedWhenTheStatusIs() {
        assertThat(CircuitDigests.of(SYNTHETIC.failed("p"))).isSameAs(CircuitDigest.FAILED);
    }

    @Test
    void shouldRefuseWhatContradictsItself() {
        Circuit circuit = small();
        assertThatThrownBy(() -> CircuitDigests.of(Circuit.newBuilder(circuit)
                        .setEdgeWeight(Columns.of(new float[1]))
                        .build()))
                .hasMessage("edge columns of 5, 5 and 1 values: they must be as many");
        assertThatThrownBy(() -> CircuitDigests.of(Circuit.newBuilder(circuit)
                        .setEdgeWeight(Columns.of(new float[] {1, 1, Float.NaN, 1, 1}))
                        .build()))
                .hasMessageContaining("not a finite number");
        assertThatThrownBy(() -> CircuitDigests.of(Circuit.newBuilder(circuit)
                        .setCompletenessScore(Double.NaN)
                        .build()))
                .hasMessageContaining("not finite");
    }

    @Test
    void shouldGiveTheSameBytesWhenReadAndWrittenAgain() {
        List<Observation> all = List.of(
                CircuitDigests.of(SYNTHETIC.circuit("p", new Random(2))),
                CircuitDigest.FAILED,
                TrustDigest.of(SYNTHETIC.report("p", new Random(2))),
                new TrustDigest(true, -1, false, TrustVerdict.UNKNOWN));
        for (Observation seen : all) {
            Arrival arrival = new Arrival("prompt ü", seen);

            Arrival read = (Arrival) read(serialised(arrival));

            assertThat(read.promptId()).isEqualTo("prompt ü");
            assertThat(read.seen()).usingRecursiveComparison().isEqualTo(seen);
            assertThat(read.entry()).isEqualTo(serialised(arrival)).isEqualTo(arrival.entry());
            assertThat(MessageCodec.entry(arrival.entry()).entry()).isEqualTo(arrival.entry());
        }
        Beat beat = new Beat(3, Long.MIN_VALUE, 5);
        assertThat(read(serialised(beat))).isEqualTo(beat);
    }

    @Test
    void shouldRefuseBytesThatAreNoMessage() {
        byte[] bytes = serialised(new Arrival("p", CircuitDigest.FAILED));
        for (byte[] broken : List.of(
                new byte[0],
                new byte[] {9, 0, 0, 0, 0},
                Arrays.copyOf(bytes, bytes.length + 1),
                Arrays.copyOf(bytes, bytes.length - 1))) {
            assertThatThrownBy(() -> read(broken)).isInstanceOf(SerializationException.class);
        }
    }

    private static Message read(byte[] bytes) {
        return MessageSerde.create().deserializer().deserialize("t", bytes);
    }

    private static byte[] serialised(Message message) {
        return MessageSerde.create().serializer().serialize("t", message);
    }

    @Test
    void shouldNameNodesWithoutTheirPositions() {
        assertThat(NodeCode.of(NodeKind.TOKEN, -1, 5)).isEqualTo(NodeCode.of(NodeKind.TOKEN, -1, 6));
        assertThat(NodeCode.of(NodeKind.ERROR, 3, -1)).isNotEqualTo(NodeCode.of(NodeKind.ERROR, 4, -1));
        for (int feature : new int[] {0, 1, Integer.MAX_VALUE}) {
            long code = NodeCode.of(NodeKind.FEATURE, 61, feature);
            assertThat(NodeCode.kind(code)).isEqualTo(NodeKind.FEATURE);
            assertThat(NodeCode.layer(code)).isEqualTo(61);
            assertThat(NodeCode.feature(code)).isEqualTo(feature);
        }
        assertThat(NodeCode.layer(TOKEN)).isEqualTo(-1);
        assertThat(NodeCode.feature(TOKEN)).isEqualTo(-1);
        assertThatThrownBy(() -> NodeCode.of(NodeKind.FEATURE, -2, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NodeCode.of(NodeKind.FEATURE, 0, -2)).isInstanceOf(IllegalArgumentException.class);
    }
}
