package io.circuitstream.circuits.graphfile;

import io.circuitstream.circuits.graph.Nodes.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * From ids to nodes. A link may only go up: from a feature, error or embedding to a feature or logit of a higher layer at
 * the same position or later; so no file can hold a cycle. Links of weight 0 say nothing and may go anywhere
 * (circuit-tracer writes them when it prunes at 1).
 */
final class LinkReader {
    private final RawLinks raw;
    private final List<GraphNode> nodes;
    private final NodeIds ids;

    LinkReader(RawLinks raw, List<GraphNode> nodes, NodeIds ids) {
        this.raw = raw;
        this.nodes = nodes;
        this.ids = ids;
    }

    /**
     * The links, checked.
     *
     * @param warnings takes a sentence when links had to be guessed
     */
    Links read(List<String> warnings) {
        int[] source = new int[raw.count()];
        int[] target = new int[raw.count()];
        float[] weight = raw.weights();
        List<Integer> shared = new ArrayList<>();
        for (int link = 0; link < source.length; link++) {
            source[link] = node(link, raw.source(link));
            target[link] = node(link, raw.target(link));
            if (ids.hiddenError(raw.source(link)) != null) {
                shared.add(link);
            }
        }
        if (!shared.isEmpty()) {
            new SharedIds(raw, nodes, ids, source, target).resolve(shared, warnings);
        }
        for (int link = 0; link < source.length; link++) {
            check(link, nodes.get(source[link]), nodes.get(target[link]), weight[link]);
        }
        refuseRepeated(source, target);
        return new Links(source, target, weight);
    }

    private int node(int link, String id) {
        Integer node = ids.node(id);
        if (node == null) {
            throw new GraphFileException(raw.describe(link) + ": no node has the id " + GraphFileException.quote(id)
                    + ": add the node or remove the link");
        }
        return node;
    }

    private void check(int link, GraphNode source, GraphNode target, float weight) {
        if (weight == 0) {
            return;
        }
        if (target.kind() == Kind.ERROR || target.kind() == Kind.TOKEN) {
            throw new GraphFileException(
                    raw.describe(link) + " ends in an " + (target.kind() == Kind.ERROR ? "error" : "embedding")
                            + ", which nothing writes to: remove the link");
        }
        if (source.kind() == Kind.LOGIT || source.layer() >= target.layer() || source.position() > target.position()) {
            throw new GraphFileException(raw.describe(link) + " goes from layer " + source.layer() + ", position "
                    + source.position() + " to layer " + target.layer() + ", position " + target.position()
                    + ": a source is below its target and not after it; are source and target swapped?");
        }
    }

    private void refuseRepeated(int[] source, int[] target) {
        long[] pairs = new long[source.length];
        Arrays.setAll(pairs, link -> pair(source[link], target[link]));
        long[] sorted = pairs.clone();
        Arrays.sort(sorted);
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] == sorted[i - 1]) {
                long twice = sorted[i];
                int last = pairs.length - 1;
                while (pairs[last] != twice) {
                    last--;
                }
                throw new GraphFileException(raw.describe(last) + " is there twice: remove one");
            }
        }
    }

    private static long pair(int source, int target) {
        return (long) source << 32 | target;
    }
}
