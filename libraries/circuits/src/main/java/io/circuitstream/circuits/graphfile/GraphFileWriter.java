package io.circuitstream.circuits.graphfile;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.circuitstream.circuits.export.IdDialect;
import io.circuitstream.circuits.graph.Nodes.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Writes a graph file node by node and link by link. */
final class GraphFileWriter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final GraphFile graph;
    private final IdDialect dialect;

    GraphFileWriter(GraphFile graph, IdDialect dialect) {
        this.graph = graph;
        this.dialect = dialect;
    }

    void write(Path file) throws IOException {
        try (OutputStream stream = Files.newOutputStream(file);
                JsonGenerator out = JSON.createGenerator(stream)) {
            out.writeStartObject();
            out.writeObjectField("metadata", graph.metadata());
            out.writeObjectField("qParams", view());
            out.writeArrayFieldStart("nodes");
            for (GraphNode node : graph.nodes()) {
                out.writeTree(
                        node.kind() == Kind.ERROR ? node.json().deepCopy().put("node_id", id(node)) : node.json());
            }
            out.writeEndArray();
            out.writeArrayFieldStart("links");
            links(out);
            out.writeEndArray();
            out.writeEndObject();
        }
    }

    private String id(GraphNode node) {
        return node.kind() == Kind.ERROR ? dialect.error(node.layer(), node.position()) : node.id();
    }

    private void links(JsonGenerator out) throws IOException {
        Links links = graph.links();
        for (int i = 0; i < links.count(); i++) {
            out.writeStartObject();
            out.writeStringField("source", id(graph.nodes().get(links.source()[i])));
            out.writeStringField("target", id(graph.nodes().get(links.target()[i])));
            out.writeNumberField("weight", links.weight()[i]);
            out.writeEndObject();
        }
    }

    /** With the errors' ids as they are written here. One that a feature shares stays the feature's. */
    private ObjectNode view() {
        Map<String, String> renamed = new HashMap<>();
        graph.nodes().forEach(node -> renamed.put(node.id(), id(node)));
        graph.nodes().stream()
                .filter(node -> node.kind() == Kind.FEATURE)
                .forEach(node -> renamed.put(node.id(), node.id()));
        ObjectNode view = JSON.createObjectNode();
        view.setAll(graph.view());
        if (view.has("pinnedIds")) {
            view.set("pinnedIds", renamed(view.get("pinnedIds"), 0, renamed));
        }
        if (view.has("clickedId")) {
            view.set("clickedId", renamed(view.get("clickedId"), 0, renamed));
        }
        if (view.has("supernodes")) {
            ArrayNode groups = JSON.createArrayNode();
            view.get("supernodes").forEach(group -> groups.add(renamed(group, 1, renamed)));
            view.set("supernodes", groups);
        }
        return view;
    }

    /**
     * A copy with other ids.
     *
     * @param first index of the first id in an array; in front of it is a name
     */
    private static JsonNode renamed(JsonNode ids, int first, Map<String, String> renamed) {
        if (ids instanceof ArrayNode array) {
            ArrayNode copy = JSON.createArrayNode();
            for (int i = 0; i < array.size(); i++) {
                copy.add(i < first ? array.get(i) : renamed(array.get(i), 0, renamed));
            }
            return copy;
        }
        return ids.isTextual() ? TextNode.valueOf(renamed.getOrDefault(ids.textValue(), ids.textValue())) : ids;
    }
}
