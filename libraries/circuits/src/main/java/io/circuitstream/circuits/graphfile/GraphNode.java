package io.circuitstream.circuits.graphfile;

import static java.util.Comparator.comparing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.graph.Nodes.Kind;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A node as a graph file describes it.
 *
 * @param layer −1 for tokens, L for logits
 * @param feature feature index; token id for tokens and logits; −1 for errors
 * @param value activation of a feature (NaN when the file has none), probability of a logit, 1 for a token, NaN for an error
 * @param label the file's {@code clerp}, untouched: escape it before it is shown
 * @param influence cumulative share of the influence in the graph from which the file was pruned, low is important
 * @param json everything that the file says, fields unknown to us included; nobody writes to it
 */
public record GraphNode(
        Kind kind,
        int layer,
        int position,
        int feature,
        float value,
        String label,
        @Nullable Float influence,
        ObjectNode json) {

    /** The order of an attribution graph's nodes (circuits.md §2), except among logits, which stay as the file has them. */
    static final Comparator<GraphNode> GRAPH_ORDER = comparing(GraphNode::kind)
            .thenComparingInt(GraphNode::layer)
            .thenComparingInt(GraphNode::position)
            .thenComparingInt(node -> node.kind() == Kind.LOGIT ? 0 : node.feature());

    /** The id in the file; circuit-tracer gives an error and a feature of layer 0 the same one. */
    public String id() {
        return json.get("node_id").textValue();
    }

    GraphNode inLayer(int other) {
        return new GraphNode(kind, other, position, feature, value, label, influence, json);
    }
}
