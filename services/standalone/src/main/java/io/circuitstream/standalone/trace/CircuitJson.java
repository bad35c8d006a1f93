package io.circuitstream.standalone.trace;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.events.Circuit;
import java.util.List;

/** How a circuit was cut and how it can be read, as fields of {@code trace --json}; nodes by their ids. */
final class CircuitJson {
    private CircuitJson() {}

    static void addTo(ObjectNode json, Circuit circuit) {
        json.put("circuitSignedReplacementScore", circuit.getCircuitSignedReplacementScore())
                .put("circuitSignedCompletenessScore", circuit.getCircuitSignedCompletenessScore())
                .put("criterion", circuit.getCriterion().name())
                .put("nodeThreshold", circuit.getNodeThreshold())
                .put("edgeThreshold", circuit.getEdgeThreshold());
        ArrayNode curve = json.putArray("curve");
        circuit.getCurve().forEach(point -> curve.addObject()
                .put("criterion", point.getCriterion().name())
                .put("nodeThreshold", point.getNodeThreshold())
                .put("nodes", point.getNodes())
                .put("edges", point.getEdges())
                .put("completeness", point.getCompleteness())
                .put("replacement", point.getReplacement()));
        ArrayNode supernodes = json.putArray("supernodes");
        circuit.getSupernodes().forEach(s -> {
            ObjectNode one = supernodes.addObject().put("reason", s.getReason().name());
            ids(one.putArray("nodes"), circuit, s.getNodes());
            one.put("similarity", s.getSimilarity());
        });
        ArrayNode paths = json.putArray("paths");
        circuit.getPaths().forEach(p -> {
            ObjectNode one = paths.addObject();
            ids(one.putArray("nodes"), circuit, p.getNodes());
            one.put("strength", p.getStrength()).put("effect", p.getEffect());
        });
    }

    private static void ids(ArrayNode ids, Circuit circuit, List<Integer> nodes) {
        nodes.forEach(n -> ids.add(circuit.getNodes().get(n).getId()));
    }
}
