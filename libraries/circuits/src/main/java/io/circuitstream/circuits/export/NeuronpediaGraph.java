package io.circuitstream.circuits.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.circuits.pruning.PruningOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A circuit as the graph JSON of Neuronpedia and the papers' front end, schema version 1 (circuits.md §7). */
public final class NeuronpediaGraph {
    private static final ObjectMapper JSON = new ObjectMapper();

    private NeuronpediaGraph() {}

    /**
     * What the file says about itself.
     *
     * @param slug identity of the graph in the front end's address
     * @param scan the transcoder's content hash
     * @param generator version of this software
     */
    public record Metadata(String slug, String scan, String prompt, String generator) {}

    /** Writes the file with our ids, replacing one that is there. */
    public static void write(Path file, PrunedGraph circuit, PruningOptions options, Metadata metadata)
            throws IOException {
        Files.write(file, JSON.writeValueAsBytes(of(circuit, options, metadata, IdDialect.CIRCUITSTREAM)));
    }

    public static ObjectNode of(PrunedGraph circuit, PruningOptions options, Metadata about, IdDialect dialect) {
        Nodes nodes = circuit.graph().nodes();
        ObjectNode root = JSON.createObjectNode();
        ObjectNode metadata = root.putObject("metadata")
                .put("slug", about.slug())
                .put("scan", about.scan())
                .put("prompt", about.prompt())
                .put("node_threshold", options.nodeThreshold())
                .put("schema_version", 1);
        metadata.putArray("transcoder_list");
        nodes.tokens().forEach(metadata.putArray("prompt_tokens")::add);
        metadata.putObject("info")
                .putObject("generator")
                .put("name", "circuitstream")
                .put("version", about.generator());
        metadata.putObject("generation_settings")
                .put("max_n_logits", nodes.targets().size());
        metadata.putObject("pruning_settings")
                .put("node_threshold", options.nodeThreshold())
                .put("edge_threshold", options.edgeThreshold());
        ObjectNode view = root.putObject("qParams");
        view.putArray("pinnedIds");
        view.putArray("supernodes");
        view.put("linkType", "both").put("clickedId", "").put("sg_pos", "");
        ArrayNode list = root.putArray("nodes");
        for (int node : circuit.nodes()) {
            list.add(node(circuit, node, dialect));
        }
        links(root.putArray("links"), circuit, dialect);
        return root;
    }

    private static ObjectNode node(PrunedGraph circuit, int node, IdDialect dialect) {
        Nodes nodes = circuit.graph().nodes();
        Nodes.Kind kind = nodes.kind(node);
        int layer = nodes.layer(node);
        int position = nodes.position(node);
        int feature = nodes.feature(node);
        ObjectNode json = JSON.createObjectNode()
                .put("node_id", id(nodes, node, dialect))
                .put("ctx_idx", position)
                .put("token_prob", kind == Nodes.Kind.LOGIT ? nodes.value(node) : 0)
                .put("is_target_logit", node == nodes.firstLogit())
                .put("run_idx", 0)
                .put("reverse_ctx_idx", 0);
        switch (kind) {
            case FEATURE ->
                json.put("feature", cantor(layer, feature))
                        .put("layer", Integer.toString(layer))
                        .put("feature_type", "cross layer transcoder")
                        .put("jsNodeId", layer + "_" + feature + "-0")
                        .put("clerp", "")
                        .put("activation", nodes.value(node));
            case ERROR ->
                json.put("feature", -1)
                        .put("layer", Integer.toString(layer))
                        .put("feature_type", "mlp reconstruction error")
                        .put("jsNodeId", layer + "_" + position + "-0")
                        .put("clerp", "")
                        .putNull("activation");
            case TOKEN ->
                json.put("feature", position)
                        .put("layer", "E")
                        .put("feature_type", "embedding")
                        .put("jsNodeId", "E_" + feature + "-" + position)
                        .put("clerp", "")
                        .putNull("activation");
            case LOGIT ->
                json.put("feature", feature)
                        .put("layer", Integer.toString(layer + 1))
                        .put("feature_type", "logit")
                        .put("jsNodeId", "L_" + feature + "-" + position)
                        .put("clerp", logitLabel(nodes, node))
                        .putNull("activation");
        }
        if (kind == Nodes.Kind.LOGIT) {
            json.putNull("influence");
        } else {
            json.put("influence", (float) circuit.score()[node]);
        }
        return json;
    }

    /** The front end parses token and probability out of exactly this form. */
    private static String logitLabel(Nodes nodes, int node) {
        String token = nodes.targets().get(node - nodes.firstLogit()).token();
        return String.format(Locale.ROOT, "Output \"%s\" (p=%.3f)", token, nodes.value(node));
    }

    private static String id(Nodes nodes, int node, IdDialect dialect) {
        return nodes.kind(node) == Nodes.Kind.ERROR
                ? dialect.error(nodes.layer(node), nodes.position(node))
                : nodes.id(node);
    }

    private static void links(ArrayNode links, PrunedGraph circuit, IdDialect dialect) {
        Nodes nodes = circuit.graph().nodes();
        PrunedGraph.Edges edges = circuit.edges();
        for (int i = 0; i < edges.weight().length; i++) {
            links.addObject()
                    .put("source", id(nodes, edges.source()[i], dialect))
                    .put("target", id(nodes, edges.target()[i], dialect))
                    .put("weight", edges.weight()[i]);
        }
    }

    /** Cantor's pairing of layer and feature: (l+f)(l+f+1)/2 + f. */
    public static long cantor(int layer, int feature) {
        long sum = (long) layer + feature;
        return sum * (sum + 1) / 2 + feature;
    }
}
