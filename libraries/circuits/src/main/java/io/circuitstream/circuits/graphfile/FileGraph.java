package io.circuitstream.circuits.graphfile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.circuits.pruning.PruningOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A graph file as an attribution graph, so that influence, scores and {@link io.circuitstream.circuits.pruning.Pruner} work
 * on it.
 *
 * <p>A file holds what was left when it was pruned, and nothing else can be recomputed from it. So: influence is what flows
 * along the file's links, a row's shares being of the links that are left; it equals the unpruned graph's only when the file
 * was written at thresholds of 1. The scores are flattered, since what came from removed features is not counted as error.
 * Pruning at τ a file that was pruned at τ removes more. {@link GraphNode#influence} is still the unpruned graph's. Unknown,
 * hence NaN: the errors' norms, the logits' values, the conservation error. Unknown, hence 0: every row's bias.
 *
 * @param graph with all errors and embeddings, those that the file does not name having no edges; logits in the file's order
 * @param nodeOf index in the graph of each node of the file
 * @param entryOf index among the graph's stored entries of each link of the file; −1 for a link of weight 0
 */
public record FileGraph(GraphFile file, AttributionGraph graph, int[] nodeOf, int[] entryOf) {

    public static FileGraph of(GraphFile file) {
        return new FileGraphBuilder(file).build();
    }

    /**
     * The file of what a pruning of this graph kept, which says with what options it was pruned. Everything else, the
     * nodes' influence in the unpruned graph included, stays as it is; so do pins of nodes that are gone, which every reader
     * passes over.
     */
    public GraphFile kept(PrunedGraph circuit, PruningOptions options) {
        int[] newIndex = new int[nodeOf.length];
        List<GraphNode> nodes = new ArrayList<>();
        for (int i = 0; i < nodeOf.length; i++) {
            if (circuit.nodeKept()[nodeOf[i]]) {
                newIndex[i] = nodes.size();
                nodes.add(file.nodes().get(i));
            }
        }
        Links all = file.links();
        int[] links = IntStream.range(0, entryOf.length)
                .filter(link -> entryOf[link] >= 0 && circuit.edgeKept().get(entryOf[link]))
                .toArray();
        float[] weight = new float[links.length];
        for (int i = 0; i < links.length; i++) {
            weight[i] = all.weight()[links[i]];
        }
        Links left = new Links(
                IntStream.of(links).map(link -> newIndex[all.source()[link]]).toArray(),
                IntStream.of(links).map(link -> newIndex[all.target()[link]]).toArray(),
                weight);
        return new GraphFile(file.layers(), metadata(options), file.view(), List.copyOf(nodes), left, file.warnings());
    }

    private ObjectNode metadata(PruningOptions options) {
        ObjectNode metadata = file.metadata().objectNode();
        metadata.setAll(file.metadata());
        ObjectNode settings = metadata.path("pruning_settings") instanceof ObjectNode given
                ? given.deepCopy()
                : metadata.objectNode();
        settings.put("node_threshold", options.nodeThreshold()).put("edge_threshold", options.edgeThreshold());
        metadata.put("node_threshold", options.nodeThreshold()).set("pruning_settings", settings);
        return metadata;
    }
}
