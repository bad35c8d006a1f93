package io.circuitstream.validation;

import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.SupernodeProposal;
import java.util.Comparator;
import java.util.List;

/**
 * A claim about features that the circuit proposes to see as one: setting all of them to 0 at once changes the first target by so
 * much. Nodes are by their index in the circuit.
 *
 * @param members the most influential first
 * @param knockOn whether there is more to it than edges
 * @param predicted change of what the first target reads
 * @param directPredicted minus the sum of the members' edges to it
 */
record SupernodeClaim(List<Integer> members, boolean knockOn, double predicted, double directPredicted) {
    /** A group costs two passes and its controls; a feature about three times as many. */
    private static final int MOST = 4;

    /**
     * Those of the proposals whose members have most influence together, ties in the order of proposals: at most {@value #MOST}.
     *
     * @param mostFeatures as many at most: who asks for no feature's claims gets none of groups either
     */
    static List<SupernodeClaim> of(Circuit circuit, CircuitEffects effects, int mostFeatures) {
        return circuit.getSupernodes().stream()
                .map(SupernodeProposal::getNodes)
                .filter(members ->
                        members.stream().allMatch(i -> node(circuit, i).getKind() == NodeKind.FEATURE))
                .sorted(Comparator.comparingDouble(members -> -influence(circuit, members)))
                .limit(Math.min(MOST, mostFeatures))
                .map(members -> of(circuit, effects, members))
                .toList();
    }

    private static SupernodeClaim of(Circuit circuit, CircuitEffects effects, List<Integer> nodes) {
        List<Integer> members = nodes.stream()
                .sorted(Comparator.comparingDouble(i -> -node(circuit, i).getInfluence()))
                .toList();
        int target = CircuitClaim.target(circuit);
        double predicted = effects.jointAblation(members);
        double direct =
                members.stream().mapToDouble(i -> effects.direct(i)[target]).sum();
        return new SupernodeClaim(members, CircuitClaim.differ(predicted, direct), predicted, direct);
    }

    private static double influence(Circuit circuit, List<Integer> members) {
        return members.stream()
                .mapToDouble(i -> node(circuit, i).getInfluence())
                .sum();
    }

    private static CircuitNode node(Circuit circuit, int index) {
        return circuit.getNodes().get(index);
    }
}
