package io.circuitstream.circuits.graphfile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a link whose source id is shared comes from the feature of layer 0 or from the error. circuit-tracer writes the
 * links of a target in the order of its nodes, every feature before every error, and that tells in all but odd cases:
 *
 * <ul>
 *   <li>an id that a target lists twice is first the feature, then the error;
 *   <li>an error is in a layer below its target;
 *   <li>between neighbours in ascending order only one of the two fits.
 * </ul>
 *
 * <p>What stays open counts as the error: as on circuit-tracer's own page, and no score is flattered.
 */
final class SharedIds {
    private final RawLinks raw;
    private final List<GraphNode> nodes;
    private final NodeIds ids;
    private final int[] source;
    private final int[] target;

    /** @param source holds the feature where the id is shared; corrected in place */
    SharedIds(RawLinks raw, List<GraphNode> nodes, NodeIds ids, int[] source, int[] target) {
        this.raw = raw;
        this.nodes = nodes;
        this.ids = ids;
        this.source = source;
        this.target = target;
    }

    void resolve(List<Integer> shared, List<String> warnings) {
        Map<Integer, List<Integer>> byTarget = new HashMap<>();
        shared.forEach(link -> byTarget.put(target[link], new ArrayList<>()));
        for (int link = 0; link < target.length; link++) {
            List<Integer> links = byTarget.get(target[link]);
            if (links != null) {
                links.add(link);
            }
        }
        List<Integer> open = new ArrayList<>();
        byTarget.values().forEach(links -> resolveTarget(links, open));
        if (!open.isEmpty()) {
            warnings.add(open.size()
                    + " links may come from a feature or from the error of the same id, taken as the error; "
                    + "the first is " + raw.describe(Collections.min(open)));
        }
    }

    /** @param links of one target, in the file's order */
    private void resolveTarget(List<Integer> links, List<Integer> open) {
        Map<String, Integer> count = new HashMap<>();
        links.forEach(link -> count.merge(raw.source(link), 1, Integer::sum));
        Neighbours neighbours = neighbours(links);
        Set<String> seen = new HashSet<>();
        for (int at = 0; at < links.size(); at++) {
            int link = links.get(at);
            Integer error = ids.hiddenError(raw.source(link));
            if (error == null) {
                continue;
            }
            boolean first = seen.add(raw.source(link));
            if (Objects.requireNonNull(count.get(raw.source(link))) > 1) {
                source[link] = first ? source[link] : error;
            } else if (nodes.get(error).layer() < nodes.get(target[link]).layer()) {
                boolean notFeature = neighbours.before(at, nodes.get(source[link]));
                boolean notError = neighbours.after(at, nodes.get(error));
                if (notFeature == notError) {
                    open.add(link);
                }
                source[link] = notError && !notFeature ? source[link] : error;
            }
        }
    }

    /** The nearest sources that are certain, before and after each link of a target; none in another program's order. */
    private record Neighbours(
            @Nullable GraphNode[] previous, @Nullable GraphNode[] next) {

        /** Whether what comes before the link belongs after the node. */
        boolean before(int at, GraphNode node) {
            return previous[at] != null && GraphNode.GRAPH_ORDER.compare(previous[at], node) > 0;
        }

        /** Whether what comes after the link belongs before the node. */
        boolean after(int at, GraphNode node) {
            return next[at] != null && GraphNode.GRAPH_ORDER.compare(next[at], node) < 0;
        }
    }

    private Neighbours neighbours(List<Integer> links) {
        int n = links.size();
        Neighbours found = new Neighbours(new GraphNode[n], new GraphNode[n]);
        GraphNode last = null;
        for (int at = 0; at < n; at++) {
            found.previous[at] = last;
            GraphNode certain = certain(links.get(at));
            if (certain != null && last != null && GraphNode.GRAPH_ORDER.compare(last, certain) > 0) {
                return new Neighbours(new GraphNode[n], new GraphNode[n]);
            }
            last = certain == null ? last : certain;
        }
        GraphNode next = null;
        for (int at = n - 1; at >= 0; at--) {
            found.next[at] = next;
            GraphNode certain = certain(links.get(at));
            next = certain == null ? next : certain;
        }
        return found;
    }

    private @Nullable GraphNode certain(int link) {
        return ids.hiddenError(raw.source(link)) == null ? nodes.get(source[link]) : null;
    }
}
