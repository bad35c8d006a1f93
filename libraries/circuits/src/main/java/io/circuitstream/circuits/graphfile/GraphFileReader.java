package io.circuitstream.circuits.graphfile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.graph.Nodes.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses node by node and link by link, so that memory stays within a few times the limits. Single use. */
final class GraphFileReader {
    static final int MAX_LAYERS = 1000;
    static final int MAX_NODES = 100_000;
    private static final int MAX_MEBIBYTES = 64;
    private static final long MAX_TOKENS = 6_000_000;
    private static final int MAX_DEPTH = 32;

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxDocumentLength((long) MAX_MEBIBYTES << 20)
                    .maxTokenCount(MAX_TOKENS)
                    .maxNestingDepth(MAX_DEPTH)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes NaN: refused where it is, with a name
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .build();
    private static final ObjectMapper JSON = new ObjectMapper(FACTORY);

    private final List<GraphNode> nodes = new ArrayList<>();
    private final RawLinks links = new RawLinks();
    private @Nullable ObjectNode metadata;
    private @Nullable ObjectNode view;
    private boolean hasNodes;
    private boolean hasLinks;

    GraphFile read(InputStream in) throws IOException {
        try (JsonParser parser = JSON.createParser(in)) {
            document(parser);
        } catch (StreamConstraintsException e) {
            throw new GraphFileException(
                    "larger or deeper than a graph file may be (" + MAX_MEBIBYTES + " MiB, " + MAX_TOKENS
                            + " JSON tokens, depth " + MAX_DEPTH + "): prune it further. " + e.getOriginalMessage(),
                    e);
        } catch (JsonProcessingException e) {
            throw new GraphFileException(
                    "cannot be read at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": " + firstLine(e)
                            + "; is the file complete, and a graph JSON?",
                    e);
        }
        return checked();
    }

    /** Jackson quotes what it read: keep it short. */
    private static String firstLine(JsonProcessingException e) {
        String text = GraphFileException.quote(e.getOriginalMessage());
        return text.substring(1, text.length() - 1);
    }

    private void document(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new GraphFileException("no JSON object: a graph file has metadata, qParams, nodes and links");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String part = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (part) {
                case "metadata" -> metadata = object(parser, part);
                case "qParams" -> view = value == JsonToken.VALUE_NULL ? null : object(parser, part);
                case "nodes" -> {
                    hasNodes = array(value, part);
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        node(parser);
                    }
                }
                case "links" -> {
                    hasLinks = array(value, part);
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        links.read(parser);
                    }
                }
                default -> parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw new GraphFileException("something follows the graph's object: remove it");
        }
    }

    private void node(JsonParser parser) throws IOException {
        int index = nodes.size();
        if (index == MAX_NODES) {
            throw new GraphFileException("more than " + MAX_NODES + " nodes: prune it further");
        }
        nodes.add(GraphNodeReader.read(object(parser, "node " + index), index));
    }

    private static boolean array(JsonToken value, String part) {
        if (value != JsonToken.START_ARRAY) {
            throw new GraphFileException(part + " is no array");
        }
        return true;
    }

    private static ObjectNode object(JsonParser parser, String what) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new GraphFileException(what + " is no object");
        }
        return JSON.readTree(parser);
    }

    private GraphFile checked() {
        if (metadata == null || !hasNodes || !hasLinks) {
            throw new GraphFileException((metadata == null ? "metadata" : hasNodes ? "links" : "nodes")
                    + " is missing: is it a graph JSON?");
        }
        ObjectNode seen = view == null ? JSON.createObjectNode() : view;
        GraphFileChecks checks = new GraphFileChecks(metadata, seen, nodes);
        int layers = checks.layers();
        List<GraphNode> placed = nodes.stream()
                .map(node -> node.kind() == Kind.LOGIT ? node.inLayer(layers) : node)
                .toList();
        List<String> warnings = new ArrayList<>(checks.warnings());
        Links read = new LinkReader(links, placed, new NodeIds(placed)).read(warnings);
        return new GraphFile(layers, metadata, seen, placed, read, List.copyOf(warnings));
    }
}
