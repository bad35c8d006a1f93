package io.circuitstream.circuits.graphfile;

import io.circuitstream.circuits.graph.Nodes.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which node an id names. The one id that may name two: circuit-tracer's of an error, also that of a feature of layer 0. */
final class NodeIds {
    private record Identity(Kind kind, int layer, int position, int feature) {}

    private final Map<String, Integer> nodes = new HashMap<>();
    private final Map<String, Integer> hiddenErrors = new HashMap<>();

    /** Refuses two nodes of one id, but for the pair above, and two ids of one node. */
    NodeIds(List<GraphNode> list) {
        Map<Identity, Integer> seen = new HashMap<>();
        for (int i = 0; i < list.size(); i++) {
            GraphNode node = list.get(i);
            Integer twin = seen.put(new Identity(node.kind(), node.layer(), node.position(), node.feature()), i);
            Integer other = nodes.put(node.id(), i);
            if (twin != null) {
                throw twice("are the same node", twin, i, node);
            }
            if (other != null) {
                Kind kind = list.get(other).kind();
                int feature = node.kind() == Kind.FEATURE ? i : other;
                int error = feature == i ? other : i;
                if (kind == node.kind() || !sharesItsId(list.get(error), list.get(feature))) {
                    throw twice("have the same id", other, i, node);
                }
                nodes.put(node.id(), feature);
                hiddenErrors.put(node.id(), error);
            }
        }
    }

    private static boolean sharesItsId(GraphNode error, GraphNode feature) {
        return error.kind() == Kind.ERROR
                && feature.kind() == Kind.FEATURE
                && error.id().equals("0_" + error.layer() + "_" + error.position());
    }

    private static GraphFileException twice(String what, int first, int second, GraphNode node) {
        return new GraphFileException("nodes " + first + " and " + second + " " + what + " ("
                + GraphFileException.quote(node.id()) + "): remove one");
    }

    /** Index of the node; of two, the feature. */
    @Nullable
    Integer node(String id) {
        return nodes.get(id);
    }

    /** Index of the error that shares its id with a feature. */
    @Nullable
    Integer hiddenError(String id) {
        return hiddenErrors.get(id);
    }
}
