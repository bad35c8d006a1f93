package io.circuitstream.circuits.graphfile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.export.IdDialect;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A graph JSON as Neuronpedia, circuit-tracer and this software write it (circuits.md §7), read and checked: enough to draw
 * it as it is. To score it or prune it further, see {@link FileGraph}.
 *
 * @param layers L, from the logits' layer
 * @param metadata the file's, fields unknown to us included; nobody writes to it
 * @param view the file's {@code qParams}: pinned nodes, supernodes, what was clicked; nobody writes to it
 * @param nodes in the file's order
 * @param warnings what had to be guessed, as sentences for a person
 */
public record GraphFile(
        int layers, ObjectNode metadata, ObjectNode view, List<GraphNode> nodes, Links links, List<String> warnings) {

    /** Nodes that a person grouped and named; ids are the file's. */
    public record Supernode(String name, List<String> nodeIds) {}

    /**
     * Reads a file of anyone's, whatever it holds: at most 64 MiB, {@link GraphFileReader#MAX_NODES} nodes, 6,000,000 JSON
     * tokens (750,000 links) and {@link GraphFileReader#MAX_LAYERS} layers.
     *
     * @throws GraphFileException when it is no such file, naming node or link
     */
    public static GraphFile read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in);
        } catch (GraphFileException e) {
            throw new GraphFileException(file + ": " + e.getMessage(), e);
        }
    }

    /** As {@link #read(Path)}, of an upload; the stream is read to its end but not closed. */
    public static GraphFile read(InputStream in) throws IOException {
        return new GraphFileReader().read(in);
    }

    /** Writes everything that was read, replacing a file that is there; only the ids of errors follow the dialect. */
    public void write(Path file, IdDialect dialect) throws IOException {
        new GraphFileWriter(this, dialect).write(file);
    }

    /** T texts. */
    public List<String> promptTokens() {
        return texts(metadata.path("prompt_tokens"));
    }

    /** Which transcoder; empty when the file does not say. */
    public String scan() {
        return metadata.path("scan").asText("");
    }

    public String slug() {
        return metadata.path("slug").asText("");
    }

    public String prompt() {
        return metadata.path("prompt").asText("");
    }

    /** Share of the influence that the file's nodes held when it was pruned. */
    public OptionalDouble nodeThreshold() {
        JsonNode threshold = metadata.path("node_threshold");
        return threshold.isNumber() && Double.isFinite(threshold.doubleValue())
                ? OptionalDouble.of(threshold.doubleValue())
                : OptionalDouble.empty();
    }

    /** Ids of the pinned nodes, in the file's dialect; a shared one means the feature. */
    public List<String> pinnedIds() {
        return texts(view.path("pinnedIds"));
    }

    public List<Supernode> supernodes() {
        List<Supernode> supernodes = new ArrayList<>();
        for (JsonNode group : view.path("supernodes")) {
            List<String> texts = texts(group);
            supernodes.add(new Supernode(texts.get(0), texts.subList(1, texts.size())));
        }
        return List.copyOf(supernodes);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.textValue()));
        return List.copyOf(texts);
    }
}
