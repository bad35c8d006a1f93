package io.circuitstream.circuits.pruning;

import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The k strongest paths from tokens to logits along a circuit's edges, exactly. Downwards every node gets the k strongest ways from
 * it to a logit: the best of its readers' ways, each one edge longer; no other can be the end of one of the k. At most k steps for
 * each kept edge and k ways for each node, whatever number of paths there is.
 */
public final class StrongestPaths {
    private final SparseRows rows;
    private final Nodes nodes;
    private final BitSet edgeKept;
    private final int count;
    /** By node, strongest first. */
    private final Map<Integer, List<Way>> ways = new HashMap<>();

    /** From a node to a logit. */
    private record Way(
            int node,
            double strength,
            double effect,
            @Nullable Way next) {

        TokenPath path() {
            int length = 0;
            for (Way w = this; w != null; w = w.next) {
                length++;
            }
            int[] nodes = new int[length];
            int at = 0;
            for (Way w = this; w != null; w = w.next) {
                nodes[at++] = w.node;
            }
            return new TokenPath(nodes, strength, effect);
        }
    }

    private StrongestPaths(PrunedGraph circuit, int count) {
        this.rows = circuit.graph().rows();
        this.nodes = circuit.graph().nodes();
        this.edgeKept = circuit.edgeKept();
        this.count = count;
    }

    /** Strongest first, equal ones by token; fewer when there are not so many. */
    public static List<TokenPath> of(PrunedGraph circuit, int count) {
        return new StrongestPaths(circuit, count).fromTokens();
    }

    private List<TokenPath> fromTokens() {
        for (int i = nodes.firstLogit(); i < nodes.count(); i++) {
            if (nodes.weight(i) > 0) {
                ways.put(i, List.of(new Way(i, nodes.weight(i), 1, null)));
            }
        }
        for (int r = rows.count() - 1; r >= 0; r--) {
            List<Way> onwards = ways.get(rows.rowNode()[r]);
            if (onwards != null) {
                for (int e = edgeKept.nextSetBit(rows.begin(r)); e >= 0 && e < rows.end(r); ) {
                    if (nodes.kind(rows.col()[e]) != Nodes.Kind.ERROR) {
                        extend(onwards, r, e);
                    }
                    e = edgeKept.nextSetBit(e + 1);
                }
            }
        }
        List<Way> all = new ArrayList<>();
        for (int i = nodes.firstToken(); i < nodes.firstLogit(); i++) {
            all.addAll(ways.getOrDefault(i, List.of()));
        }
        all.sort(Comparator.comparingDouble(Way::strength).reversed());
        return all.stream().limit(count).map(Way::path).toList();
    }

    private void extend(List<Way> onwards, int row, int entry) {
        int target = rows.rowNode()[row];
        int source = rows.col()[entry];
        double share = rows.share(row, entry);
        double effect =
                rows.val()[entry] / (nodes.kind(target) == Nodes.Kind.LOGIT ? 1. : (double) nodes.value(target));
        List<Way> into = ways.computeIfAbsent(source, s -> new ArrayList<>());
        for (Way way : onwards) {
            double strength = way.strength * share;
            if (strength == 0 || (into.size() == count && strength <= into.get(count - 1).strength)) {
                return;
            }
            into.add(place(into, strength), new Way(source, strength, way.effect * effect, way));
            if (into.size() > count) {
                into.remove(count);
            }
        }
    }

    /** After those of equal strength. */
    private static int place(List<Way> ways, double strength) {
        int at = ways.size();
        while (at > 0 && ways.get(at - 1).strength < strength) {
            at--;
        }
        return at;
    }
}
