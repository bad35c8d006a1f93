package io.circuitstream.validation;

import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.NodeKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A claim that a circuit makes: setting a feature to 0 changes the first target, or another feature, by so much. Nodes are by
 * their index in the circuit.
 *
 * @param knockOn whether there is more to it than an edge
 * @param predicted change of what the target reads
 * @param directPredicted minus the edge; 0 without one
 */
record CircuitClaim(int source, int target, boolean knockOn, double predicted, double directPredicted) {
    /** Of the size of the prediction: what two ways of adding up floats may differ by. */
    private static final double ROUNDING = 1e-5;

    /** The features whose claims are tested, most influential first, ties in graph order. */
    static List<Integer> sources(Circuit circuit, int most) {
        List<CircuitNode> nodes = circuit.getNodes();
        return IntStream.range(0, nodes.size())
                .filter(i -> nodes.get(i).getKind() == NodeKind.FEATURE)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -nodes.get(i).getInfluence()))
                .limit(most)
                .toList();
    }

    /** The node of the first target. */
    static int target(Circuit circuit) {
        return IntStream.range(0, circuit.getNodes().size())
                .filter(i -> circuit.getNodes().get(i).getKind() == NodeKind.LOGIT)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a circuit without logits"));
    }

    /**
     * A feature's claims: the one about the first target, and knock-on ones about the features downstream that matter most,
     * by the share of their activation that is predicted to change times their influence.
     */
    static List<CircuitClaim> of(Circuit circuit, CircuitEffects effects, int source, int mostTargets) {
        List<CircuitNode> nodes = circuit.getNodes();
        double[] change = effects.ablation(source);
        double[] direct = effects.direct(source);
        int target = target(circuit);
        List<CircuitClaim> claims = new ArrayList<>();
        double whole = -nodes.get(source).getEffect();
        claims.add(new CircuitClaim(source, target, differ(whole, direct[target]), whole, direct[target]));
        IntStream.range(0, nodes.size())
                .filter(i -> i != source && nodes.get(i).getKind() == NodeKind.FEATURE)
                .filter(i -> differ(change[i], direct[i]))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -Math.abs(change[i])
                        / nodes.get(i).getValue()
                        * nodes.get(i).getInfluence()))
                .limit(mostTargets)
                .forEach(i -> claims.add(new CircuitClaim(source, i, true, change[i], direct[i])));
        return claims;
    }

    /** By more than rounding. */
    static boolean differ(double whole, double direct) {
        return Math.abs(whole - direct) > ROUNDING * Math.max(Math.abs(whole), Math.abs(direct));
    }
}
