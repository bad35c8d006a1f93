package io.circuitstream.circuits.graphfile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.graph.Nodes.Kind;
import java.util.ArrayList;
import java.util.List;

/** What must hold between the parts of a graph file. The constructor throws {@link GraphFileException} where it does not. */
final class GraphFileChecks {
    /** Layers times positions: an attribution graph has as many errors, whether or not the file names them. */
    private static final int MAX_ERRORS = 1_000_000;

    private final List<GraphNode> nodes;
    private final int positions;
    private final int layers;

    GraphFileChecks(ObjectNode metadata, ObjectNode view, List<GraphNode> nodes) {
        this.nodes = nodes;
        requireTexts(metadata.path("prompt_tokens"), "metadata.prompt_tokens");
        this.positions = metadata.path("prompt_tokens").size();
        if (positions == 0) {
            throw new GraphFileException("metadata.prompt_tokens is empty: a graph has at least one token");
        }
        for (String text : List.of("slug", "scan", "prompt")) {
            JsonNode value = metadata.path(text);
            if (!value.isTextual() && !value.isMissingNode() && !value.isNull()) {
                throw new GraphFileException("metadata." + text + " is no text");
            }
        }
        this.layers = findLayers();
        if (layers > GraphFileReader.MAX_LAYERS || (long) layers * positions > MAX_ERRORS) {
            throw new GraphFileException(
                    layers + " layers and " + positions + " tokens are more than a graph may have ("
                            + GraphFileReader.MAX_LAYERS + " layers, " + MAX_ERRORS + " as a product)");
        }
        for (int i = 0; i < nodes.size(); i++) {
            checkPlace(i, nodes.get(i));
        }
        if (!view.path("pinnedIds").isMissingNode() && !view.path("pinnedIds").isNull()) {
            requireTexts(view.path("pinnedIds"), "qParams.pinnedIds");
        }
        checkSupernodes(view.path("supernodes"));
    }

    /** L. */
    int layers() {
        return layers;
    }

    /** Sentences about what the file lacks. */
    List<String> warnings() {
        long embeddings = nodes.stream().filter(n -> n.kind() == Kind.TOKEN).count();
        return embeddings == positions
                ? List.of()
                : List.of(embeddings + " of " + positions
                        + " embeddings are in the file: the others' token ids are unknown");
    }

    /** Logits are in layer L + 1 by the rule, in layer L by some programs: whichever the layers below leave room for. */
    private int findLayers() {
        int below = -1;
        int logits = -1;
        for (int i = 0; i < nodes.size(); i++) {
            GraphNode node = nodes.get(i);
            if (node.kind() != Kind.LOGIT) {
                below = Math.max(below, node.layer());
            } else if (logits >= 0 && logits != node.layer()) {
                throw wrong(
                        i, "is in layer " + node.layer() + ", another logit in layer " + logits + ": all are in one");
            } else {
                logits = node.layer();
            }
        }
        if (logits < 0) {
            throw new GraphFileException("no node is a logit: without one there is nothing that the others influence");
        }
        return Math.max(logits - 1, below + 1);
    }

    private void checkPlace(int i, GraphNode node) {
        if (node.position() >= positions) {
            throw wrong(i, "is at ctx_idx " + node.position() + ", but there are " + positions + " prompt_tokens");
        }
        if (node.kind() == Kind.LOGIT && node.position() != positions - 1) {
            throw wrong(i, "is at ctx_idx " + node.position() + ", but logits read the last token, " + (positions - 1));
        }
        if (node.kind() == Kind.LOGIT && node.layer() < layers) {
            throw wrong(i, "is in layer " + node.layer() + ", but there are nodes up to layer " + (layers - 1));
        }
    }

    private GraphFileException wrong(int node, String what) {
        return new GraphFileException(
                "node " + node + " (" + GraphFileException.quote(nodes.get(node).id()) + ") " + what);
    }

    private static void checkSupernodes(JsonNode supernodes) {
        if (supernodes.isMissingNode() || supernodes.isNull()) {
            return;
        }
        if (!supernodes.isArray()) {
            throw new GraphFileException("qParams.supernodes is no array");
        }
        List<String> names = new ArrayList<>();
        for (JsonNode supernode : supernodes) {
            String name = "qParams.supernodes[" + names.size() + "]";
            requireTexts(supernode, name);
            if (supernode.isEmpty()) {
                throw new GraphFileException(name + " is empty: a supernode has a name, then ids");
            }
            names.add(name);
        }
    }

    private static void requireTexts(JsonNode array, String name) {
        boolean texts = array.isArray();
        for (JsonNode text : array) {
            texts &= text.isTextual();
        }
        if (!texts) {
            throw new GraphFileException(name + " must be a list of texts");
        }
    }
}
