package io.circuitstream.validation;

import io.circuitstream.circuits.replacement.ActiveFeatures;
import io.circuitstream.circuits.validation.Claims.Prediction;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.Columns;
import io.circuitstream.events.NodeKind;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A claim that a circuit makes: ablating this feature changes the first target by so much.
 *
 * @param direct whether the circuit has an edge from the source to the target
 */
record CircuitClaim(String source, String target, boolean direct, Prediction prediction) {

    /** The claims of the most influential features, most influential first, ties in graph order. */
    static List<CircuitClaim> of(Circuit circuit, ActiveFeatures active, int most) {
        List<CircuitNode> nodes = circuit.getNodes();
        int target = IntStream.range(0, nodes.size())
                .filter(i -> nodes.get(i).getKind() == NodeKind.LOGIT)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a circuit without logits"));
        Map<Integer, Float> directEdges = directEdges(circuit, target);
        Map<List<Integer>, Integer> index = index(active);
        return IntStream.range(0, nodes.size())
                .filter(i -> nodes.get(i).getKind() == NodeKind.FEATURE)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -nodes.get(i).getInfluence()))
                .limit(most)
                .map(i -> claim(nodes.get(i), nodes.get(target).getId(), directEdges.get(i), index))
                .toList();
    }

    private static CircuitClaim claim(
            CircuitNode node, String target, Float direct, Map<List<Integer>, Integer> index) {
        Integer feature = index.get(List.of(node.getLayer(), node.getPosition(), node.getFeature()));
        if (feature == null) {
            throw new IllegalArgumentException("feature " + node.getId() + " of the circuit is not active");
        }
        return new CircuitClaim(
                node.getId(),
                target,
                direct != null,
                new Prediction(feature, -node.getEffect(), direct == null ? 0 : -direct));
    }

    private static Map<Integer, Float> directEdges(Circuit circuit, int target) {
        int[] targets = Columns.ints(circuit.getEdgeTarget());
        int[] sources = Columns.ints(circuit.getEdgeSource());
        float[] weights = Columns.floats(circuit.getEdgeWeight());
        Map<Integer, Float> direct = new HashMap<>();
        for (int e = 0; e < targets.length; e++) {
            if (targets[e] == target) {
                direct.put(sources[e], weights[e]);
            }
        }
        return direct;
    }

    private static Map<List<Integer>, Integer> index(ActiveFeatures active) {
        Map<List<Integer>, Integer> index = new HashMap<>();
        for (int i = 0; i < active.count(); i++) {
            index.put(List.of(active.layer()[i], active.position()[i], active.index()[i]), i);
        }
        return index;
    }
}
