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
import java.util.List;
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
        ObjectNode view = graph.view().deepCopy();
        for (String field : List.of("pinnedIds", "clickedId")) {
            if (view.has(field)) {
                view.set(field, renamed(view.get(field), 0, renamed));
            }
        }
        for (JsonNode group : view.path("supernodes")) {
            renamed(group, 1, renamed);
        }
        return view;
    }

    /** @param first index of the first id in an array; in front of it is a name */
    private static JsonNode renamed(JsonNode ids, int first, Map<String, String> renamed) {
        if (ids instanceof ArrayNode array) {
            for (int i = first; i < array.size(); i++) {
                array.set(i, renamed(array.get(i), 0, renamed));
            }
            return array;
        }
        String id = ids.asText();
        return ids.isTextual() ? TextNode.valueOf(renamed.getOrDefault(id, id)) : ids;
    }
}
