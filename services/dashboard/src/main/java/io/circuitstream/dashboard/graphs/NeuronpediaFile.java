package io.circuitstream.dashboard.graphs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.export.IdDialect;
import io.circuitstream.circuits.export.NeuronpediaGraph;
import io.circuitstream.circuits.pruning.PruningOptions;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.NodeKind;
import io.circuitstream.platform.provenance.CodeVersion;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A circuit with what people added to it, as the graph JSON that Neuronpedia and the papers' front end read. */
public final class NeuronpediaFile {
    private NeuronpediaFile() {}

    /**
     * The file.
     *
     * @param label of a feature, empty when it has none
     * @param annotations as they are answered to the page; an empty object when there are none
     */
    public static ObjectNode of(Circuit circuit, Function<CircuitNode, String> label, JsonNode annotations) {
        String text = circuit.getRequest().getText();
        ObjectNode file = NeuronpediaGraph.of(
                CircuitGraph.of(circuit),
                new PruningOptions(threshold(circuit.getNodeThreshold()), threshold(circuit.getEdgeThreshold())),
                new NeuronpediaGraph.Metadata(
                        circuit.getPromptId(),
                        circuit.getProvenance().getScan(),
                        text == null ? String.join("", circuit.getTokens()) : text,
                        CodeVersion.current().version()),
                IdDialect.CIRCUITSTREAM);
        Map<String, CircuitNode> byId = circuit.getNodes().stream()
                .collect(Collectors.toMap(CircuitNode::getId, node -> node, (first, second) -> first));
        for (JsonNode node : file.path("nodes")) {
            String id = node.path("node_id").asText();
            CircuitNode known = byId.get(id);
            String own = annotations.path("labels").path(id).asText("");
            if (!own.isEmpty()) {
                ((ObjectNode) node).put("clerp", own);
            } else if (known != null && known.getKind() == NodeKind.FEATURE) {
                ((ObjectNode) node).put("clerp", label.apply(known));
            }
        }
        view((ObjectNode) file.path("qParams"), annotations);
        return file;
    }

    /** Of a file that did not say with what it was pruned. */
    private static double threshold(double value) {
        return value > 0 && value <= 1 ? value : 1;
    }

    private static void view(ObjectNode view, JsonNode annotations) {
        ArrayNode pins = view.putArray("pinnedIds");
        annotations.path("pins").forEach(pins::add);
        ArrayNode groups = view.putArray("supernodes");
        for (JsonNode supernode : annotations.path("supernodes")) {
            ArrayNode group = groups.addArray().add(supernode.path("name").asText());
            supernode.path("nodes").forEach(group::add);
        }
    }
}
