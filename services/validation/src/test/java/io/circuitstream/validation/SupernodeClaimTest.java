package io.circuitstream.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.Claim;
import io.circuitstream.events.Columns;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.SupernodeProposal;
import io.circuitstream.events.SupernodeReason;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.events.ValidationSettings;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.serde.Received;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupernodeClaimTest {
    @TempDir
    static Path folder;

    @BeforeAll
    static void trust() {
        EventClasses.trust();
    }

    private static CircuitNode node(NodeKind kind, float value, float influence, float effect) {
        return CircuitNode.newBuilder()
                .setId(kind + "" + influence)
                .setKind(kind)
                .setLayer(0)
                .setPosition(0)
                .setFeature(0)
                .setValue(value)
                .setInfluence(influence)
                .setScore(0)
                .setEffect(effect)
                .build();
    }

    private static SupernodeProposal proposal(Integer... members) {
        return new SupernodeProposal(SupernodeReason.SAME_PROFILE, List.of(members), .95);
    }

    /**
     * Features 0 (active at 2), 1 (at 4), 2 (at 10), error 3, logit 4. 0 gives 1 a quarter and 2 a tenth of their activation; 1 gives 2 another
     * half; the logit reads 6 of 0, 8 of 1 and 20 of 2.
     */
    private static Circuit circuit(SupernodeProposal... proposals) {
        return Circuit.newBuilder(Circuits.empty())
                .setNodes(List.of(
                        // Effects with all gates fixed: 20; 8 + 10; 6 + 1/4 · 18 + 1/10 · 20.
                        node(NodeKind.FEATURE, 2, .1f, 12.5f),
                        node(NodeKind.FEATURE, 4, .2f, 18),
                        node(NodeKind.FEATURE, 10, .3f, 20),
                        node(NodeKind.ERROR, 1, .9f, 0),
                        node(NodeKind.LOGIT, .5f, 0, 0)))
                .setEdgeTarget(Columns.of(new int[] {1, 2, 2, 4, 4, 4}))
                .setEdgeSource(Columns.of(new int[] {0, 0, 1, 0, 1, 2}))
                .setEdgeWeight(Columns.of(new float[] {1, 1, 5, 6, 8, 20}))
                .setSupernodes(List.of(proposals))
                .build();
    }

    private static List<SupernodeClaim> claims(Circuit circuit, int most) {
        return SupernodeClaim.of(circuit, new CircuitEffects(circuit), most);
    }

    /** All three at once leave the logit nothing of what it reads of them, whatever they feed one another. */
    @Test
    void shouldCountOnceWhatOneMemberFeedsAnother() {
        assertThat(claims(circuit(proposal(0, 1, 2)), 10)).singleElement().satisfies(claim -> {
            assertThat(claim.predicted()).isCloseTo(-34, within(1e-9));
            assertThat(claim.directPredicted()).isEqualTo(-34);
            assertThat(claim.knockOn()).isFalse();
            assertThat(claim.members()).containsExactly(2, 1, 0);
        });
    }

    /** 0 and 2 without 1: the part of 2 that comes from 0, over 1 too, is gone with 2; what is left of 0 reaches the logit over 1. */
    @Test
    void shouldKeepWhatGoesAroundTheOtherMembers() {
        assertThat(claims(circuit(proposal(0, 2)), 10)).singleElement().satisfies(claim -> {
            assertThat(claim.predicted()).isCloseTo(-20 - 6 - 2, within(1e-9));
            assertThat(claim.directPredicted()).isEqualTo(-26);
            assertThat(claim.knockOn()).isTrue();
        });
    }

    @Test
    void shouldTakeTheMostInfluentialProposalsOfFeaturesWhenThereAreMoreThanAreTested() {
        Circuit circuit = circuit(
                proposal(0, 1), proposal(0, 2), proposal(1, 2), proposal(2, 3), proposal(0, 1, 2), proposal(1, 0));

        assertThat(claims(circuit, 10))
                .extracting(SupernodeClaim::members)
                .containsExactly(List.of(2, 1, 0), List.of(2, 1), List.of(2, 0), List.of(1, 0));
        assertThat(claims(circuit, 1)).extracting(SupernodeClaim::members).containsExactly(List.of(2, 1, 0));
        assertThat(claims(circuit, 0)).isEmpty();
    }

    /** The circuit is the whole graph: with everything frozen the members' edges add up. */
    @Test
    void shouldMeasureTheMembersTogetherBesideSingleFeatures() throws IOException {
        try (TraceableModel model = Circuits.model(folder)) {
            Circuit circuit =
                    Circuits.ok(model, ValidationSettings.newBuilder().build()).build();
            List<Integer> strongest = strongest(circuit);
            circuit.setSupernodes(List.of(proposal(strongest.get(0), strongest.get(1), strongest.get(2))));

            ValidationReport report = new ValidationStage(model).process(Received.asWritten(circuit), done -> {});

            Claim claim = report.getClaims().get(report.getClaims().size() - 1);
            assertThat(claim.getSources())
                    .containsExactlyElementsOf(strongest.stream()
                            .limit(3)
                            .map(i -> circuit.getNodes().get(i).getId())
                            .toList());
            assertThat(claim.getSource()).isEqualTo(claim.getSources().get(0));
            assertThat(claim.getDirect()).isCloseTo(claim.getDirectPredicted(), within(1e-4));
            assertThat(claim.getDirectPredicted()).isNotZero();
            assertThat(claim.getControls()).hasSize(3).doesNotHaveDuplicates();
            assertThat(claim.getMeasuredAllLayers()).isNotEqualTo(claim.getMeasuredOwnLayer());
            double alone = 0;
            for (Claim single : report.getClaims()) {
                if (single.getSources().isEmpty()
                        && single.getTarget().equals(claim.getTarget())
                        && claim.getSources().contains(single.getSource())) {
                    alone += single.getBestPredictedAllLayers();
                }
            }
            assertThat(claim.getBestPredictedAllLayers()).isCloseTo(alone, within(1e-9));
            assertThat(report.getConfirmed() + report.getRefuted() + report.getInconclusive())
                    .isEqualTo(report.getClaims().size());
        }
    }

    private static List<Integer> strongest(Circuit circuit) {
        List<Integer> features =
                new ArrayList<>(IntStream.range(0, circuit.getNodes().size())
                        .filter(i -> circuit.getNodes().get(i).getKind() == NodeKind.FEATURE)
                        .boxed()
                        .toList());
        features.sort(Comparator.comparingDouble(i -> -circuit.getNodes().get(i).getInfluence()));
        return features;
    }
}
